import type { TraceFrame } from '#engine'
import { GUEST, OUTSIDE } from './lab-host.ts'
import { type Bytes, ipBytes, macBytes } from './traffic/bytes.ts'
import { draftFrames, type FrameBody } from './traffic/frame-draft.ts'
import { type IpPacket, ipPackets } from './traffic/ip-packet.ts'
import { PROTOCOL, type Segment, TCP_FLAG } from './traffic/segment.ts'

/** What a test says of an IP packet; the rest is usual. Everything goes between the first guest and the outside. */
export type PacketWords = Partial<Omit<Segment, 'flags'>> &
  Partial<Omit<IpPacket, 'segment' | 'src' | 'dst'>> & {
    readonly v6?: boolean
    readonly src?: string
    readonly dst?: string
    readonly srcMac?: string
    readonly dstMac?: string
    /** Names of TCP flags, `SYN ACK`. */
    readonly flags?: string
    readonly tag?: number
  }

const ECHO = { icmp: 8, icmpv6: 128 } as const

/** A packet that leaves the guest: its frame, or those of its fragments. */
export function packetsOut(words: PacketWords): readonly TraceFrame[] {
  return toFrames('out', words)
}

/** A packet on its way to the guest. */
export function packetsIn(words: PacketWords): readonly TraceFrame[] {
  return toFrames('in', words)
}

/** The same for packets of one frame. */
export const packetOut = (words: PacketWords): TraceFrame => only(packetsOut(words))
export const packetIn = (words: PacketWords): TraceFrame => only(packetsIn(words))

/** The bytes of a packet as the other side quotes them in an error. */
export function quoteOf(direction: 'in' | 'out', words: PacketWords, length = 28): Bytes {
  return (ipPackets(toPacket(direction, words))[0] ?? []).slice(0, length)
}

/** A frame that is no IP packet. */
export function frameOf(
  direction: 'in' | 'out',
  body: FrameBody,
  { tag, srcMac, dstMac }: Pick<PacketWords, 'tag' | 'srcMac' | 'dstMac'> = {},
): TraceFrame {
  const [src, dst] = direction === 'out' ? [GUEST.mac, OUTSIDE.mac] : [OUTSIDE.mac, GUEST.mac]
  const draft = { from: '', src: macBytes(srcMac ?? src), dst: macBytes(dstMac ?? dst), tag, body }
  return only(draftFrames(draft).map((bytes) => ({ portDevice: GUEST.portDevice, direction, hex: toHex(bytes) })))
}

/** The same frame with other bytes at a place, counted from its start. */
export function patch(frame: TraceFrame, at: number, hex: string): TraceFrame {
  return { ...frame, hex: frame.hex.slice(0, at * 2) + hex + frame.hex.slice(at * 2 + hex.length) }
}

/** The same packet with a right checksum of its IPv4 header. */
export function withIpSum(frame: TraceFrame): TraceFrame {
  const header = frame.hex.slice(28, 28 + 8 * Number.parseInt(frame.hex.charAt(29), 16))
  const words = (header.slice(0, 20) + header.slice(24)).match(/.{4}/g) ?? []
  let sum = words.reduce((total, word) => total + Number.parseInt(word, 16), 0)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16)
  return patch(frame, 24, (~sum & 0xffff).toString(16).padStart(4, '0'))
}

/** The frame without what stands behind so many bytes. */
export function cut(frame: TraceFrame, length: number): TraceFrame {
  return { ...frame, hex: frame.hex.slice(0, length * 2) }
}

function toFrames(direction: 'in' | 'out', words: PacketWords): readonly TraceFrame[] {
  const [src, dst] = direction === 'out' ? [GUEST.mac, OUTSIDE.mac] : [OUTSIDE.mac, GUEST.mac]
  const draft = {
    from: '',
    src: macBytes(words.srcMac ?? src),
    dst: macBytes(words.dstMac ?? dst),
    tag: words.tag,
    body: { kind: 'ip', packet: toPacket(direction, words) },
  } as const
  return draftFrames(draft).map((bytes) => ({ portDevice: GUEST.portDevice, direction, hex: toHex(bytes) }))
}

function toPacket(direction: 'in' | 'out', words: PacketWords): IpPacket {
  const { v6 = false, flags = 'SYN', protocol = PROTOCOL.tcp } = words
  const [guest, outside] = v6 ? [GUEST.ip6, OUTSIDE.ip6] : [GUEST.ip, OUTSIDE.ip]
  const [from, to] = direction === 'out' ? [guest, outside] : [outside, guest]
  const [src, dst] = [ipBytes(words.src ?? from) ?? [], ipBytes(words.dst ?? to) ?? []]
  const usualType = protocol === PROTOCOL.icmpv6 ? ECHO.icmpv6 : protocol === PROTOCOL.icmp ? ECHO.icmp : 1
  const segment: Segment = {
    protocol,
    srcPort: words.srcPort ?? 40000,
    dstPort: words.dstPort ?? 80,
    sequence: words.sequence ?? 1,
    acknowledged: words.acknowledged ?? 0,
    flags: flags.split(' ').reduce((bits, name) => bits | (TCP_FLAG[name as keyof typeof TCP_FLAG] ?? 0), 0),
    option: words.option,
    type: words.type ?? usualType,
    code: words.code ?? 0,
    rest: words.rest ?? [0, 7, 0, 1],
    data: words.data ?? [],
  }
  const { tos = 0, ttl = 64, ident = 1, options = [], extensions = [], cut: cutting } = words
  return { src, dst, tos, ttl, ident, options, extensions, cut: cutting, segment }
}

function only<Item>(items: readonly Item[]): Item {
  const [item] = items
  if (item === undefined || items.length !== 1) throw new Error('one frame was expected')
  return item
}

function toHex(bytes: Bytes): string {
  return Buffer.from(bytes).toString('hex')
}
