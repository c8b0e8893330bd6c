import { type Bytes, long, word } from './bytes.ts'
import { internetChecksum } from './checksum.ts'
import { type Segment, segmentBytes } from './segment.ts'

/** Where a packet is cut, in multiples of eight bytes of what it holds, and which of the pieces are sent. */
export type Cut = { readonly at: readonly number[]; readonly sent: 'all' | 'first' | 'middle' | 'last' }

/** An IP packet of either version; the addresses say which. */
export type IpPacket = {
  readonly src: Bytes
  readonly dst: Bytes
  /** Type of service, or traffic class. */
  readonly tos: number
  readonly ttl: number
  /** Tells packets apart whose fragments are on their way. */
  readonly ident: number
  /** Options of IPv4, whole words. */
  readonly options: Bytes
  /** Extension headers of IPv6 by number, in order, but for the fragment header. */
  readonly extensions: readonly number[]
  readonly cut: Cut | undefined
  readonly segment: Segment
}

export function isIpv6({ src }: Pick<IpPacket, 'src'>): boolean {
  return src.length === 16
}

/** The packet, or the pieces of it that are sent. Layouts: RFC 791, 8200. */
export function ipPackets(packet: IpPacket): readonly Bytes[] {
  const content = segmentBytes(packet.segment, [...packet.src, ...packet.dst])
  const build = isIpv6(packet) ? ipv6 : ipv4
  const { cut } = packet
  if (cut === undefined) return [build(packet, content, undefined)]
  const ends = [...cut.at.map((words) => words * 8).filter((end) => end < content.length), content.length]
  const pieces = ends.map((end, at) => {
    const start = at === 0 ? 0 : (ends[at - 1] ?? 0)
    return build(packet, content.slice(start, end), { start, isLast: end === content.length })
  })
  switch (cut.sent) {
    case 'all':
      return pieces
    case 'first':
      return pieces.slice(0, 1)
    case 'last':
      return pieces.slice(-1)
    default:
      return pieces.slice(1, 2)
  }
}

type Piece = { readonly start: number; readonly isLast: boolean } | undefined

function ipv4({ src, dst, tos, ttl, ident, options, segment }: IpPacket, content: Bytes, piece: Piece): Bytes {
  const length = 20 + options.length
  // Whole packets may not be cut on their way.
  const flags = piece === undefined ? 0x4000 : (piece.isLast ? 0 : 0x2000) | (piece.start / 8)
  const start = [0x40 | (length / 4), tos, ...word(length + content.length), ...word(ident), ...word(flags)]
  const header = [...start, ttl, segment.protocol, 0, 0, ...src, ...dst, ...options]
  const [high = 0, low = 0] = word(internetChecksum(header))
  return [...header.with(10, high).with(11, low), ...content]
}

function ipv6({ src, dst, tos, ttl, ident, extensions, segment }: IpPacket, content: Bytes, piece: Piece): Bytes {
  const FRAGMENT = 44
  const chain = piece === undefined ? [...extensions] : [...extensions, FRAGMENT]
  const headers = chain.flatMap((number, at) => {
    const next = chain[at + 1] ?? segment.protocol
    return number === FRAGMENT && piece !== undefined
      ? [next, 0, ...word(piece.start | (piece.isLast ? 0 : 1)), ...long(ident)]
      : extensionHeader(number, next, dst)
  })
  const length = word(headers.length + content.length)
  const first = chain[0] ?? segment.protocol
  return [0x60 | (tos >> 4), (tos & 15) << 4, 0, 0, ...length, first, ttl, ...src, ...dst, ...headers, ...content]
}

/** A header that asks nothing of anybody: padding, a route that is at its end, a whole packet in one fragment. */
function extensionHeader(number: number, next: number, dst: Bytes): Bytes {
  switch (number) {
    case 43:
      return [next, 2, 4, 0, 0, 0, 0, 0, ...dst]
    case 44:
      return [next, 0, 0, 0, 0, 0, 0, 1]
    case 51:
      return [next, 4, 0, 0, ...long(0x100), ...long(1), ...Array<number>(12).fill(0xa5)]
    default:
      return [next, 0, 1, 4, 0, 0, 0, 0]
  }
}
