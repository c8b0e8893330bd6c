#!/bin/sh
set -eu
. "$(dirname "$0")/prepare-node.sh"
exec node scripts/bench.ts "$@"
