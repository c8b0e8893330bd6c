/** Every program that the agent starts, by its name; nothing else is ever started, and no PATH is searched for these. */
export const PROGRAMS = {
  cat: '/usr/bin/cat',
  'ebtables-restore': '/usr/sbin/ebtables-restore',
  'ebtables-save': '/usr/sbin/ebtables-save',
  ebtables: '/usr/sbin/ebtables',
  ip: '/usr/sbin/ip',
  ip6tables: '/usr/sbin/ip6tables',
  iptables: '/usr/sbin/iptables',
  modprobe: '/usr/sbin/modprobe',
  nft: '/usr/sbin/nft',
  nsenter: '/usr/bin/nsenter',
  perl: '/usr/bin/perl',
  setpriv: '/usr/bin/setpriv',
  systemctl: '/usr/bin/systemctl',
  'systemd-sysusers': '/usr/bin/systemd-sysusers',
  tee: '/usr/bin/tee',
  unshare: '/usr/bin/unshare',
} as const
