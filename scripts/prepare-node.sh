# Sourced by start.sh, test.sh and bench.sh: goes to the checkout, installs the packages of package-lock.json when they are
# not there or have changed, and puts the Node they bring in front of the system's.
cd "$(dirname "$0")/.."
want=$(sha256sum package-lock.json | cut -d' ' -f1)
if [ "$want" != "$(cat node_modules/.sluice-lock 2>/dev/null)" ]; then
  echo "sluice: installing the packages named in package-lock.json" >&2
  # Not a bare npm: that would run on the very Node that npm ci removes.
  "${npm_node_execpath:-node}" "${npm_execpath:-$(command -v npm)}" ci --no-audit --no-fund --loglevel=error >&2
  printf '%s\n' "$want" > node_modules/.sluice-lock
fi
PATH=$PWD/node_modules/.bin:$PATH
export PATH NEXT_TELEMETRY_DISABLED=1 CHECKPOINT_DISABLE=1 PRISMA_SCHEMA_ENGINE_BINARY=/bin/true
