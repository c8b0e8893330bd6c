import type { Random } from '../random.ts'
import { type IpPacket, ipPackets, isIpv6 } from './ip-packet.ts'
import { PROTOCOL } from './segment.ts'

/** Unreachable by a net, host, protocol, port, fragment or filter; quench, redirect, time, parameter. RFC 792, 1812. */
const ERRORS4 = [
  [3, 0],
  [3, 1],
  [3, 2],
  [3, 3],
  [3, 4],
  [3, 13],
  [4, 0],
  [5, 1],
  [11, 0],
  [12, 0],
] as const
/** Unreachable, too big, time, parameter. RFC 4443. */
const ERRORS6 = [
  [1, 0],
  [1, 1],
  [1, 4],
  [2, 0],
  [3, 0],
  [4, 1],
] as const

/** One or two errors about a packet, from where it goes to where it comes from: conntrack calls them RELATED. */
export function answerErrors(random: Random, packet: IpPacket): readonly IpPacket[] {
  const isSix = isIpv6(packet)
  const quoted = (ipPackets({ ...packet, cut: undefined })[0] ?? []).slice(
    0,
    isSix ? 80 : 20 + packet.options.length + 8,
  )
  return Array.from({ length: 1 + random.below(2) }, () => {
    const [type, code] = random.pick<readonly [number, number]>(isSix ? ERRORS6 : ERRORS4)
    const rest = type === 2 || (type === 3 && code === 4) ? [0, 0, 5, 0] : [0, 0, 0, 0]
    const protocol = isSix ? PROTOCOL.icmpv6 : PROTOCOL.icmp
    const segment = { ...packet.segment, protocol, type, code, rest, data: quoted }
    const ident = 1 + random.below(0xfffe)
    return { ...packet, src: packet.dst, dst: packet.src, options: [], extensions: [], cut: undefined, ident, segment }
  })
}
