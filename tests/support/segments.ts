import { ipv4 } from './frames.ts'
import { into, out, type TestFrame } from './frames-of-guest.ts'
import { GUEST, OUTSIDE } from './lab-host.ts'

/** Frames with TCP segments, and IPv4 frames with another TOS byte. Layouts: RFC 791, 8200, 9293. */

type Party = typeof OUTSIDE | typeof GUEST | { portDevice: string; mac: string; ip: string; ip6: string }
type Segment = {
  readonly peer?: Party
  readonly from?: number
  readonly to?: number
  readonly flags?: keyof typeof FLAGS
}

const FLAGS = { SYN: 0x02, ACK: 0x10, 'SYN-ACK': 0x12 } as const
const TCP = 6
const HEADER_BYTES = 20
/** Where the TOS byte and the checksum stand in a frame, in hexadecimal digits. */
const [TOS_AT, CHECKSUM_AT] = [30, 48]

/** A segment over IPv4 on its way to the first guest. */
export function tcpInto({ peer = OUTSIDE, from = 40000, to = 80, flags = 'SYN' }: Segment = {}): TestFrame {
  const payload = segment(from, to, FLAGS[flags], addressesOf(peer.ip, GUEST.ip))
  return {
    ...into.ip({ peer, protocol: TCP, payload }),
    what: `${flags} from ${peer.portDevice}:${from} to port ${to}`,
  }
}

/** A segment over IPv4 that leaves the first guest. */
export function tcpOut({ peer = OUTSIDE, from = 40000, to = 80, flags = 'SYN' }: Segment = {}): TestFrame {
  const payload = segment(from, to, FLAGS[flags], addressesOf(GUEST.ip, peer.ip))
  return { ...out.ip({ peer, protocol: TCP, payload }), what: `${flags} out from port ${from} to port ${to}` }
}

/** A segment over IPv6 on its way to the first guest, or to another address that it might have. */
export function tcp6Into({ dstIp = GUEST.ip6, flags = 'SYN' }: { dstIp?: string; flags?: keyof typeof FLAGS } = {}) {
  const empty = into.ip6({ dstIp, protocol: TCP, payload: '' }).hex
  // Source and destination stand behind 14 bytes of Ethernet and 8 of the IPv6 header.
  const payload = segment(40000, 80, FLAGS[flags], empty.slice(44, 108))
  return { ...into.ip6({ dstIp, protocol: TCP, payload }), what: `IPv6 ${flags} to ${dstIp}` }
}

/** The same IPv4 frame with another TOS byte; the header's checksum follows it (RFC 1624). */
export function withTos(frame: TestFrame, tos: number): TestFrame {
  const before = Number.parseInt(frame.hex.slice(CHECKSUM_AT, CHECKSUM_AT + 4), 16)
  const sum = fold((~before & 0xffff) + (~0x4500 & 0xffff) + 0x4500 + tos)
  const hex =
    frame.hex.slice(0, TOS_AT) +
    byte(tos) +
    frame.hex.slice(TOS_AT + 2, CHECKSUM_AT) +
    word(~sum & 0xffff) +
    frame.hex.slice(CHECKSUM_AT + 4)
  return { ...frame, hex, what: `${frame.what} with TOS 0x${byte(tos)}` }
}

/** A TCP header without data. Conntrack looks at the checksum, so it has to be right. */
function segment(from: number, to: number, flags: number, addresses: string): string {
  const start = `${word(from)}${word(to)}${'00000001'.repeat(2)}50${byte(flags)}ffff`
  const pseudo = `${addresses}${word(TCP)}${word(HEADER_BYTES)}`
  const words = `${pseudo}${start}00000000`.match(/.{4}/g) ?? []
  const sum = fold(words.reduce((total, one) => total + Number.parseInt(one, 16), 0))
  return `${start}${word(~sum & 0xffff)}0000`
}

/** Both IPv4 addresses, in hexadecimal, as they stand at the end of a header. */
function addressesOf(src: string, dst: string): string {
  return ipv4({ src, dst, protocol: TCP, payload: '' }).slice(24, 40)
}

function fold(sum: number): number {
  let folded = sum
  while (folded > 0xffff) folded = (folded & 0xffff) + (folded >> 16)
  return folded
}

function byte(value: number): string {
  return value.toString(16).padStart(2, '0')
}

function word(value: number): string {
  return value.toString(16).padStart(4, '0')
}
