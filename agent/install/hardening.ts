/**
 * What nft, ebtables, ip and Node do without, for every unit of ours: systemd.exec(5). What could not be taken, and why, stands in
 * docs/install-agent.md.
 */
export const HARDENING: readonly string[] = [
  'AmbientCapabilities=',
  'NoNewPrivileges=yes',
  'ProtectSystem=strict',
  'ProtectHome=yes',
  // Root owns these, so the lack of CAP_DAC_OVERRIDE does not hide them.
  `InaccessiblePaths=${[
    '/etc/shadow',
    '/etc/shadow-',
    '/etc/gshadow',
    '/etc/gshadow-',
    '/etc/ssh',
    '/etc/ssl/private',
    '/etc/libvirt/secrets',
    '/var/lib/libvirt/images',
    '/var/lib/libvirt/qemu',
  ]
    .map((path) => `-${path}`)
    .join(' ')}`,
  // Nothing that was written here can be run.
  'NoExecPaths=/',
  'ExecPaths=/usr',
  'PrivateDevices=yes',
  'PrivateIPC=yes',
  'PrivateMounts=yes',
  'ProtectKernelTunables=yes',
  'ProtectKernelModules=yes',
  'ProtectKernelLogs=yes',
  'ProtectControlGroups=yes',
  'ProtectClock=yes',
  'ProtectHostname=yes',
  'ProtectProc=invisible',
  'RestrictNamespaces=yes',
  'RestrictRealtime=yes',
  'RestrictSUIDSGID=yes',
  'LockPersonality=yes',
  'RemoveIPC=yes',
  'KeyringMode=private',
  'IPAddressDeny=any',
  'SystemCallArchitectures=native',
  'SystemCallErrorNumber=EPERM',
  'SystemCallFilter=@system-service',
  'SystemCallFilter=~@privileged @resources @keyring @memlock @aio',
  'UMask=0077',
]
