import { arp, rarp } from './arp.ts'
import { ip } from './ip.ts'
import { ipLayerProtocols } from './ip-layer.ts'
import { ipv6 } from './ipv6.ts'
import { mac } from './mac.ts'
import type { Protocol } from './protocol.ts'
import { stp } from './stp.ts'
import { vlan } from './vlan.ts'

/** Every protocol element of the language, by name. Spec 2. */
export const protocols: ReadonlyMap<string, Protocol> = new Map(
  [mac, vlan, stp, arp, rarp, ip, ipv6, ...ipLayerProtocols].map((protocol) => [protocol.name, protocol]),
)
