import { byteAt, wordAt, wordIn } from '../frame/bytes.ts'
import { addsUp, addsUpWith, hasSctpSum } from '../frame/checksum.ts'
import { PROTOCOL } from '../frame/frame.ts'
import type { Transport } from './tuple.ts'

/** The packet whose sums are looked at. */
type Packet = { readonly bytes: Uint8Array; readonly network: number; readonly version: 4 | 6 }

/**
 * Whether lengths and checksum of a packet are such that conntrack looks further (udp_error, udplite_error, sctp_error, and the
 * checksum of TCP).
 */
export function isSound(packet: Packet, { protocol, at }: Transport): boolean {
  const { bytes, network, version } = packet
  const length = bytes.length - at
  const whole = { network, version, start: at, covered: length }
  switch (protocol) {
    case PROTOCOL.tcp:
      return addsUpWith(bytes, whole, PROTOCOL.tcp)
    case PROTOCOL.udp: {
      const told = wordIn(bytes, at + 4)
      if (length < 8 || told > length || told < 8) return false
      return wordAt(bytes, at + 6) === 0 || addsUpWith(bytes, whole, PROTOCOL.udp)
    }
    case PROTOCOL.udplite: {
      const told = wordIn(bytes, at + 4)
      if (length < 8 || (told !== 0 && (told < 8 || told > length)) || wordAt(bytes, at + 6) === 0) return false
      // The kernel takes the pseudo header of UDP here, so what is right is wrong to it.
      return addsUpWith(bytes, { ...whole, covered: told === 0 ? length : told }, PROTOCOL.udp)
    }
    case PROTOCOL.sctp:
      return length >= 12 && hasSctpSum(bytes, at)
    default:
      return true
  }
}

/** The same of ICMP and ICMPv6. */
export function isSoundIcmp({ bytes, network, version }: Packet, at: number): boolean {
  if (version === 4) return addsUp(bytes, at, bytes.length)
  return addsUpWith(bytes, { network, version, start: at, covered: bytes.length - at }, PROTOCOL.icmpv6)
}

/** Whether the hop limit is one that only a neighbour can send, from a link-local address: of redirects. */
export function isFromNeighbour({ bytes, network }: Packet): boolean {
  const isLinkLocal = (wordIn(bytes, network + 8) & 0xffc0) === 0xfe80
  return byteAt(bytes, network + 7) === 255 && isLinkLocal
}
