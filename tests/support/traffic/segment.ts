import { type Bytes, long, word } from './bytes.ts'
import { crc32c, internetChecksum } from './checksum.ts'

/** Numbers of the protocols that have a layout here. */
export const PROTOCOL = {
  icmp: 1,
  igmp: 2,
  tcp: 6,
  udp: 17,
  esp: 50,
  ah: 51,
  icmpv6: 58,
  sctp: 132,
  udplite: 136,
} as const
export const TCP_FLAG = { FIN: 1, SYN: 2, RST: 4, PSH: 8, ACK: 16, URG: 32 } as const

/** What an IP packet holds. One record for all protocols: each takes the fields it has. */
export type Segment = {
  readonly protocol: number
  readonly srcPort: number
  readonly dstPort: number
  readonly sequence: number
  readonly acknowledged: number
  readonly flags: number
  /** The number of a TCP option. */
  readonly option: number | undefined
  /** Of ICMP, ICMPv6 and IGMP; the chunk of SCTP. */
  readonly type: number
  readonly code: number
  /** The four bytes behind type, code and checksum of ICMP; the verification tag of SCTP. */
  readonly rest: Bytes
  readonly data: Bytes
}

/** The bytes of a segment with a right checksum; `addresses` are source and destination, for the pseudo header. */
export function segmentBytes(segment: Segment, addresses: Bytes): Bytes {
  const { protocol, type, code, rest, data } = segment
  const pseudo = (length: number) => [...addresses, ...long(length), ...long(protocol)]
  switch (protocol) {
    case PROTOCOL.tcp: {
      const header = tcpHeader(segment)
      return withSum([...header, ...data], 16, pseudo(header.length + data.length))
    }
    case PROTOCOL.udp:
      return withSum([...ports(segment), ...word(8 + data.length), 0, 0, ...data], 6, pseudo(8 + data.length), true)
    case PROTOCOL.udplite:
      // A coverage of 0 means all of it.
      return withSum([...ports(segment), 0, 0, 0, 0, ...data], 6, pseudo(8 + data.length), true)
    case PROTOCOL.sctp:
      return sctp(segment)
    case PROTOCOL.icmp:
    case PROTOCOL.igmp:
      return withSum([type, code, 0, 0, ...rest, ...data], 2, [])
    case PROTOCOL.icmpv6:
      return withSum([type, code, 0, 0, ...rest, ...data], 2, pseudo(8 + data.length))
    case PROTOCOL.esp:
      return [...long(segment.sequence), ...long(segment.acknowledged), ...data]
    case PROTOCOL.ah:
      // Behind it: no next header (59). Its length is given in words of 32 bits, less two.
      return [59, 4, 0, 0, ...long(segment.sequence), ...long(segment.acknowledged), ...Array<number>(12).fill(0xa5)]
    default:
      return [...rest, ...data]
  }
}

function ports({ srcPort, dstPort }: Segment): Bytes {
  return [...word(srcPort), ...word(dstPort)]
}

function tcpHeader(segment: Segment): Bytes {
  const options = tcpOptions(segment.option)
  return [
    ...ports(segment),
    ...long(segment.sequence),
    ...long(segment.acknowledged),
    (5 + options.length / 4) << 4,
    segment.flags,
    ...word(0x7210),
    0,
    0,
    ...word(segment.flags & TCP_FLAG.URG ? 1 : 0),
    ...options,
  ]
}

/** Those that conntrack reads have the lengths it wants; no-operations fill up to whole words. RFC 9293, 7323, 2018. */
function tcpOptions(number: number | undefined): Bytes {
  if (number === undefined) return []
  if (number === 0) return [0, 0, 0, 0]
  if (number === 1) return [1, 1, 1, 1]
  if (number === 2) return [2, 4, ...word(1460)]
  if (number === 3) return [1, 3, 3, 7]
  if (number === 4) return [1, 1, 4, 2]
  if (number === 5) return [1, 1, 5, 10, ...long(1), ...long(2)]
  if (number === 8) return [1, 1, 8, 10, ...long(1), ...long(0)]
  return [number, 4, 0, 0]
}

/** One chunk. INIT and INIT ACK carry a tag, window, streams and a TSN; COOKIE ECHO a cookie. RFC 9260, section 3. */
function sctp(segment: Segment): Bytes {
  const { type, code, rest, data } = segment
  const isInit = type === 1 || type === 2
  const tag = long(segment.sequence)
  const content = isInit ? [...tag, ...long(0xffff), 0, 1, 0, 1, ...tag] : data
  // A state cookie (type 7) is what an INIT ACK must have.
  const parameters = type === 2 ? [...word(7), ...word(8), 1, 2, 3, 4] : []
  const length = 4 + content.length + parameters.length
  const chunk = [type, code, ...word(length), ...content, ...parameters, ...Array<number>(-length & 3).fill(0)]
  const start = [...ports(segment), ...rest]
  return [...start, ...crc32c([...start, 0, 0, 0, 0, ...chunk]), ...chunk]
}

function withSum(bytes: Bytes, at: number, pseudo: Bytes, zeroMeansNone = false): Bytes {
  const sum = internetChecksum(pseudo, bytes)
  const [high = 0, low = 0] = word(sum === 0 && zeroMeansNone ? 0xffff : sum)
  return bytes.with(at, high).with(at + 1, low)
}
