import { arp, BROADCAST, ethernet, ipv4, ipv6, ping, udp } from './frames.ts'
import { GUEST, NEIGHBOUR, OUTSIDE } from './lab-host.ts'

/** A frame on its way: from which namespace, and where it must be seen to count as passed. */
export type TestFrame = { readonly from: string; readonly to: string; readonly hex: string; readonly what: string }

type Party = { readonly portDevice: string; readonly mac: string; readonly ip: string; readonly ip6: string }
type Changes = {
  readonly peer?: Party
  readonly src?: string
  readonly dst?: string
  readonly srcIp?: string
  readonly dstIp?: string
  readonly payload?: string
  readonly protocol?: number
}

const UDP = 17
const ICMP = 1
const ICMPV6 = 58
export const STRANGER = { mac: '52:54:00:00:00:99', ip: '192.0.2.99', ip6: '2001:db8::99' } as const

/** Frames that leave the first guest; each field can be changed to a lie. */
export const out = {
  ip: (changes: Changes = {}): TestFrame => {
    const { peer = OUTSIDE, src = GUEST.mac, dst = peer.mac, srcIp = GUEST.ip, dstIp = peer.ip } = changes
    const { payload = ping(), protocol = ICMP } = changes
    const hex = ethernet({ src, dst, type: '0800', payload: ipv4({ src: srcIp, dst: dstIp, protocol, payload }) })
    return { from: GUEST.portDevice, to: peer.portDevice, hex, what: `IPv4 out ${JSON.stringify(changes)}` }
  },
  ip6: (changes: Changes = {}): TestFrame => {
    const { peer = OUTSIDE, src = GUEST.mac, dst = peer.mac, srcIp = GUEST.ip6, dstIp = peer.ip6 } = changes
    const { payload = udp(1000, 2000), protocol = UDP } = changes
    const packet = ipv6({ src: srcIp, dst: dstIp, nextHeader: protocol, payload })
    const hex = ethernet({ src, dst, type: '86dd', payload: packet })
    return { from: GUEST.portDevice, to: peer.portDevice, hex, what: `IPv6 out ${JSON.stringify(changes)}` }
  },
  arp: (changes: { src?: string; senderMac?: string; senderIp?: string } = {}): TestFrame => {
    const { src = GUEST.mac, senderMac = GUEST.mac, senderIp = GUEST.ip } = changes
    const payload = arp({ senderMac, senderIp, targetIp: OUTSIDE.ip })
    const hex = ethernet({ src, dst: BROADCAST, type: '0806', payload })
    return { from: GUEST.portDevice, to: OUTSIDE.portDevice, hex, what: `ARP out ${JSON.stringify(changes)}` }
  },
  /** What QEMU sends after a migration, so that switches learn the way. */
  announce: (changes: { src?: string; of?: string; dst?: string } = {}): TestFrame => {
    const { src = GUEST.mac, of = GUEST.mac, dst = BROADCAST } = changes
    const hex = ethernet({ src, dst, type: '8035', payload: announcement(of) })
    return { from: GUEST.portDevice, to: OUTSIDE.portDevice, hex, what: `RARP out ${JSON.stringify(changes)}` }
  },
  raw: (type: string): TestFrame => {
    const hex = ethernet({ src: GUEST.mac, dst: OUTSIDE.mac, type, payload: 'feedc0de' })
    return { from: GUEST.portDevice, to: OUTSIDE.portDevice, hex, what: `EtherType ${type} out` }
  },
}

/** Frames on their way to the first guest. */
export const into = {
  ip: (changes: Changes = {}): TestFrame => {
    const { peer = OUTSIDE, src = peer.mac, dst = GUEST.mac, srcIp = peer.ip, dstIp = GUEST.ip } = changes
    const { payload = ping(), protocol = ICMP } = changes
    const hex = ethernet({ src, dst, type: '0800', payload: ipv4({ src: srcIp, dst: dstIp, protocol, payload }) })
    return { from: peer.portDevice, to: GUEST.portDevice, hex, what: `IPv4 in ${JSON.stringify(changes)}` }
  },
  ip6: (changes: Changes = {}): TestFrame => {
    const { peer = OUTSIDE, src = peer.mac, dst = GUEST.mac, srcIp = peer.ip6, dstIp = GUEST.ip6 } = changes
    const { payload = udp(1000, 2000), protocol = UDP } = changes
    const packet = ipv6({ src: srcIp, dst: dstIp, nextHeader: protocol, payload })
    const hex = ethernet({ src, dst, type: '86dd', payload: packet })
    return { from: peer.portDevice, to: GUEST.portDevice, hex, what: `IPv6 in ${JSON.stringify(changes)}` }
  },
  arp: (): TestFrame => {
    const payload = arp({ senderMac: OUTSIDE.mac, senderIp: OUTSIDE.ip, targetIp: GUEST.ip })
    const hex = ethernet({ src: OUTSIDE.mac, dst: BROADCAST, type: '0806', payload })
    return { from: OUTSIDE.portDevice, to: GUEST.portDevice, hex, what: 'ARP in' }
  },
  announce: (changes: { of?: string } = {}): TestFrame => {
    const { of = NEIGHBOUR.mac } = changes
    const hex = ethernet({ src: OUTSIDE.mac, dst: BROADCAST, type: '8035', payload: announcement(of) })
    return { from: OUTSIDE.portDevice, to: GUEST.portDevice, hex, what: `RARP in ${JSON.stringify(changes)}` }
  },
}

export const dhcp = {
  discover: (changes: Changes = {}) =>
    out.ip({
      dst: BROADCAST,
      srcIp: '0.0.0.0',
      dstIp: '255.255.255.255',
      protocol: UDP,
      payload: udp(68, 67),
      ...changes,
    }),
  offer: (changes: Changes = {}) => into.ip({ protocol: UDP, payload: udp(67, 68), ...changes }),
  solicit: (changes: Changes = {}) =>
    out.ip6({
      dst: '33:33:00:01:00:02',
      srcIp: 'fe80::10',
      dstIp: 'ff02::1:2',
      protocol: UDP,
      payload: udp(546, 547),
      ...changes,
    }),
  advertise: (changes: Changes = {}) =>
    into.ip6({ srcIp: 'fe80::1', dstIp: 'fe80::10', protocol: UDP, payload: udp(547, 546), ...changes }),
}

export const neighbourSolicitation = (changes: Changes = {}) =>
  out.ip6({ protocol: ICMPV6, payload: '8700000000000000', ...changes })

function announcement(of: string): string {
  return arp({ operation: 3, senderMac: of, senderIp: '0.0.0.0', targetMac: of, targetIp: '0.0.0.0' })
}
