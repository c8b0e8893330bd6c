import { arp, rarp } from './arp.ts'
import { ip } from './ip.ts'
import { ipv6 } from './ipv6.ts'
import { mac } from './mac.ts'
import type { Protocol } from './protocol.ts'
import { stp } from './stp.ts'
import { vlan } from './vlan.ts'

/** Every protocol element that Sluice compiles, by name. */
export const protocols: ReadonlyMap<string, Protocol> = new Map(
  [mac, vlan, stp, arp, rarp, ip, ipv6].map((protocol) => [protocol.name, protocol]),
)

const IP_LAYER = ['tcp', 'udp', 'udplite', 'esp', 'ah', 'sctp', 'all']

/** The elements of libvirt that Sluice knows by name only: a filter with one is refused, never compiled without it. */
export const laterProtocols: ReadonlySet<string> = new Set([
  ...IP_LAYER,
  ...IP_LAYER.map((name) => `${name}-ipv6`),
  'icmp',
  'icmpv6',
  'igmp',
])
