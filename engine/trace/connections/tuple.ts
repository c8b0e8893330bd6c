import { byteAt, byteIn, longAt, longIn, wordAt, wordIn } from '../frame/bytes.ts'
import { PROTOCOL } from '../frame/frame.ts'
import { skipHeaders } from '../frame/ipv6-headers.ts'

/** What tells connections apart, as one side sends it (nf_conntrack_tuple). */
export type Tuple = {
  readonly version: 4 | 6
  readonly protocol: number
  readonly source: string
  readonly destination: string
  /** The port of the sender, the identifier of an ICMP message, a GRE key; 0 where the protocol has none. */
  readonly from: number
  /** The port of the receiver; type and code of an ICMP message. */
  readonly to: number
}
/** Where the header of the protocol of an IP packet begins, as conntrack finds it. */
export type Transport = { readonly protocol: number; readonly at: number }

const WITH_PORTS: readonly number[] = [PROTOCOL.tcp, PROTOCOL.udp, PROTOCOL.udplite, PROTOCOL.sctp]
/** The ICMP type that answers each. RFC 792, 950; RFC 4443, 4620. */
const ANSWERS: Readonly<Record<number, ReadonlyMap<number, number>>> = {
  [PROTOCOL.icmp]: bothWays([8, 0], [13, 14], [15, 16], [17, 18]),
  [PROTOCOL.icmpv6]: bothWays([128, 129], [139, 140]),
}

function bothWays(...pairs: readonly (readonly [number, number])[]): ReadonlyMap<number, number> {
  return new Map(pairs.flatMap(([asked, told]) => [[asked, told] as const, [told, asked] as const]))
}

/** A tuple as a text: equal texts, equal tuples. */
export function keyOf({ version, protocol, source, destination, from, to }: Tuple): string {
  return `${version} ${protocol} ${source} ${destination} ${from} ${to}`
}

/** The tuple of the answers; undefined for an ICMP type that has none. */
export function invert(tuple: Tuple): Tuple | undefined {
  const { source, destination, from, to } = tuple
  const answers = ANSWERS[tuple.protocol]
  if (answers === undefined) return { ...tuple, source: destination, destination: source, from: to, to: from }
  const type = answers.get(to >> 8)
  return type === undefined
    ? undefined
    : { ...tuple, source: destination, destination: source, to: (type << 8) | (to & 0xff) }
}

/** The transport header of the IP packet at a place (get_l4proto); undefined for later fragments and broken headers. */
export function findTransport(bytes: Uint8Array, network: number, version: 4 | 6): Transport | undefined {
  if (version === 6) {
    if (bytes.length < network + 40) return undefined
    const skipped = skipHeaders(bytes, network)
    return skipped === undefined || (skipped.fragment & 0xfff8) !== 0 ? undefined : skipped
  }
  const protocol = byteAt(bytes, network + 9)
  if (bytes.length < network + 20 || protocol === undefined) return undefined
  if ((wordIn(bytes, network + 6) & 0x1fff) !== 0) return undefined
  const at = network + (byteIn(bytes, network) & 15) * 4
  return at > bytes.length ? undefined : { protocol, at }
}

/** The tuple of the IP packet at a place (nf_ct_get_tuple); undefined where a header is cut off. */
export function readTuple(
  bytes: Uint8Array,
  network: number,
  version: 4 | 6,
  { protocol, at }: Transport,
): Tuple | undefined {
  const ends = readEnds(bytes, at, protocol)
  if (ends === undefined) return undefined
  const [source, destination] =
    version === 4
      ? [ipv4Text(bytes, network + 12), ipv4Text(bytes, network + 16)]
      : [ipv6Text(bytes, network + 8), ipv6Text(bytes, network + 24)]
  return { version, protocol, source, destination, ...ends }
}

/** The address an IP packet goes to, as tuples have it. */
export function destinationText(bytes: Uint8Array, network: number, version: 4 | 6): string {
  return version === 4 ? ipv4Text(bytes, network + 16) : ipv6Text(bytes, network + 24)
}

/** The address an IP packet comes from, as tuples have it. */
export function sourceText(bytes: Uint8Array, network: number, version: 4 | 6): string {
  return version === 4 ? ipv4Text(bytes, network + 12) : ipv6Text(bytes, network + 8)
}

function ipv4Text(bytes: Uint8Array, at: number): string {
  return String(longIn(bytes, at))
}

function ipv6Text(bytes: Uint8Array, at: number): string {
  return `${longAt(bytes, at)}.${longAt(bytes, at + 4)}.${longAt(bytes, at + 8)}.${longAt(bytes, at + 12)}`
}

function readEnds(bytes: Uint8Array, at: number, protocol: number): { from: number; to: number } | undefined {
  if (WITH_PORTS.includes(protocol)) {
    const [from, to] = [wordAt(bytes, at), wordAt(bytes, at + 2)]
    return from === undefined || to === undefined ? undefined : { from, to }
  }
  if (protocol === PROTOCOL.icmp || protocol === PROTOCOL.icmpv6) {
    const [to, from] = [wordAt(bytes, at), wordAt(bytes, at + 4)]
    return bytes.length < at + 8 || from === undefined || to === undefined ? undefined : { from, to }
  }
  return protocol === PROTOCOL.gre ? readGre(bytes, at) : { from: 0, to: 0 }
}

/** GRE of PPTP has a call; any other has none. */
function readGre(bytes: Uint8Array, at: number): { from: number; to: number } | undefined {
  const version = wordIn(bytes, at) & 7
  if (bytes.length < at + 4 || version !== 1 || bytes.length < at + 8) return { from: 0, to: 0 }
  return wordAt(bytes, at + 2) === 0x880b ? { from: 0, to: wordIn(bytes, at + 6) } : undefined
}
