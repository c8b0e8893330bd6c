import type { PacketField } from '../../protocols/packet-field.ts'
import { byteAt, byteIn, ipv6At, longAt, macAt, wordAt, wordIn } from './bytes.ts'
import type { FieldReader } from './ethernet-fields.ts'
import type { Frame } from './frame.ts'

/** Fields as iptables and ip6tables read them: their packets have whole IP headers. */
const READERS: Partial<Readonly<Record<PacketField, FieldReader>>> = {
  'ether saddr': ({ bytes }) => macAt(bytes, 6),
  'ip saddr': ({ bytes, network }) => longAt(bytes, network + 12),
  'ip daddr': ({ bytes, network }) => longAt(bytes, network + 16),
  'ip dscp': ({ bytes, network }) => byteIn(bytes, network + 1) >> 2,
  'ip6 saddr': ({ bytes, network }) => ipv6At(bytes, network + 8),
  'ip6 daddr': ({ bytes, network }) => ipv6At(bytes, network + 24),
  'ip6 dscp': ({ bytes, network }) => (wordIn(bytes, network) >> 6) & 0x3f,
  'l4 protocol': ({ ip }) => ip?.protocol,
  sport: (frame) => inTransport(frame, wordAt, 0),
  dport: (frame) => inTransport(frame, wordAt, 2),
}

/** Reads a field for a rule of the IP layer. */
export function ipField(field: PacketField): FieldReader {
  return READERS[field] ?? (() => undefined)
}

/** The byte with the TCP flags. */
export function tcpFlags(frame: Frame): number | undefined {
  return inTransport(frame, byteAt, 13)
}

/** Type and code of an ICMP message of either version. */
export function icmpType(frame: Frame): readonly [type: number, code: number] | undefined {
  const word = inTransport(frame, wordAt, 0)
  return word === undefined ? undefined : [word >> 8, word & 0xff]
}

/**
 * What nf_tables takes for a part of the transport header. It looks at whatever stands there, also in a later fragment, which has no
 * such header; in one of IPv6 it looks from the beginning of the packet (nft_payload_fast_eval).
 */
function inTransport(
  { bytes, ip, network }: Frame,
  read: (bytes: Uint8Array, at: number) => number | undefined,
  offset: number,
): number | undefined {
  if (ip === undefined) return undefined
  const start = ip.version === 6 && ip.fragmentOffset !== 0 ? network : ip.transport
  return read(bytes, start + offset)
}
