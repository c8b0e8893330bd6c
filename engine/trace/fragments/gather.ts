import { byteAt, byteIn, longAt, wordAt, wordIn } from '../frame/bytes.ts'
import { type Frame, PROTOCOL } from '../frame/frame.ts'
import { findFragmentHeader, skipFrom } from '../frame/ipv6-headers.ts'
import { readFrame } from '../frame/read-frame.ts'
import { type Bearing, emptyQueue, type FragmentQueue, joinPieces, type Piece, queuePiece } from './fragment-queue.ts'

/** Pieces that wait for others, by what tells packets apart. */
export type Fragments = Map<string, FragmentQueue>
type Passing = { readonly frame: Frame; readonly bearing: Bearing }
/** What becomes of a frame: it goes on, as it came or put together, or it waits for others, or it is thrown away. */
export type Gathered = Passing | 'held' | 'dropped'

const LONGEST = 65535
/** Both ECN bits. RFC 3168. */
const CONGESTION = 3
const MORE4 = 0x2000
const OFFSET4 = 0x1fff
const OFFSET6 = 0xfff8
const FRAGMENT_HEADER = 8
const IPV6_HEADER = 40
/** What a first fragment must hold of the header it carries. RFC 8200, section 4.5. */
const WHOLE_HEADERS: Readonly<Record<number, number>> = {
  [PROTOCOL.tcp]: 20,
  [PROTOCOL.udp]: 8,
  [PROTOCOL.icmpv6]: 8,
}

/** Puts fragments together where connections are tracked (nf_defrag). */
export function gather(passing: Passing, version: 4 | 6, fragments: Fragments): Gathered {
  return version === 4 ? gather4(passing, fragments) : gather6(passing, fragments)
}

function gather4(passing: Passing, fragments: Fragments): Gathered {
  const { frame, bearing } = passing
  const { bytes, network } = frame
  const word = wordIn(bytes, network + 6)
  if ((word & (MORE4 | OFFSET4)) === 0) return passing
  const isLast = (word & MORE4) === 0
  const data = bytes.subarray(network + (byteIn(bytes, network) & 15) * 4)
  const piece: Piece = {
    start: (word & OFFSET4) * 8,
    isLast,
    // What is cut in the middle of a unit loses the rest.
    data: isLast ? data : data.subarray(0, data.length & ~7),
    head: bytes.subarray(0, bytes.length - data.length),
    ecn: byteIn(bytes, network + 1) & 3,
    bearing,
  }
  const id = wordAt(bytes, network + 4)
  const key = `4 ${byteAt(bytes, network + 9)} ${longAt(bytes, network + 12)} ${longAt(bytes, network + 16)} ${id}`
  const whole = queueUp(fragments, key, piece, true)
  if (typeof whole === 'string') return whole
  const length = whole.bytes.length - network
  if (length > LONGEST) return 'dropped'
  whole.bytes.set([length >> 8, length & 0xff], network + 2)
  whole.bytes.set([0, 0], network + 6)
  if (whole.congestion) whole.bytes[network + 1] = byteIn(whole.bytes, network + 1) | CONGESTION
  return { frame: readFrame(whole.bytes), bearing: whole.bearing }
}

function gather6(passing: Passing, fragments: Fragments): Gathered {
  const { frame, bearing } = passing
  const { bytes, network } = frame
  const header = findFragmentHeader(bytes, network)
  if (header === undefined || wordAt(bytes, network + 4) === 0) return passing
  const { at, announcedAt } = header
  const word = wordIn(bytes, at + 2)
  const isLast = (word & 1) === 0
  const data = bytes.subarray(at + FRAGMENT_HEADER)
  if (isCutOff(bytes, at)) return passing
  const source = bytes.subarray(network + 8, network + IPV6_HEADER).join('.')
  const key = `6 ${source} ${longAt(bytes, at + 4)}`
  if (!isLast && data.length % 8 !== 0) {
    fragments.delete(key)
    return passing
  }
  const head = bytes.slice(0, at)
  head[announcedAt] = byteIn(bytes, at)
  const ecn = (byteIn(bytes, network + 1) >> 4) & 3
  const piece: Piece = { start: word & OFFSET6, isLast, data, head, ecn, bearing }
  const whole = queueUp(fragments, key, piece, false)
  if (typeof whole === 'string') return whole
  const length = whole.bytes.length - network - IPV6_HEADER
  if (length > LONGEST) return 'dropped'
  whole.bytes.set([length >> 8, length & 0xff], network + 4)
  if (whole.congestion) whole.bytes[network + 1] = byteIn(whole.bytes, network + 1) | (CONGESTION << 4)
  return { frame: readFrame(whole.bytes), bearing: whole.bearing }
}

/** The first fragment lacks a part of the header behind it: it goes on alone, and the others wait for ever. */
function isCutOff(bytes: Uint8Array, at: number): boolean {
  const skipped = skipFrom(bytes, 44, at)
  if (skipped === undefined || (skipped.fragment & OFFSET6) !== 0) return false
  return skipped.at + (WHOLE_HEADERS[skipped.protocol] ?? 1) > bytes.length
}

/** The whole frame when this was the last piece. `refusalBreaks`: a piece that is refused takes the others with it. */
function queueUp(
  fragments: Fragments,
  key: string,
  piece: Piece,
  refusalBreaks: boolean,
): { readonly bytes: Uint8Array; readonly congestion: boolean; readonly bearing: Bearing } | 'held' | 'dropped' {
  const queue = fragments.get(key) ?? emptyQueue()
  fragments.set(key, queue)
  const queued = queuePiece(queue, piece)
  if (queued === 'held') return 'held'
  if (queued === 'broken' || (queued === 'refused' && refusalBreaks)) fragments.delete(key)
  if (queued !== 'complete') return 'dropped'
  fragments.delete(key)
  const joined = joinPieces(queue)
  if (joined === undefined) return 'dropped'
  const bytes = new Uint8Array(joined.head.length + joined.data.length)
  bytes.set(joined.head)
  bytes.set(joined.data, joined.head.length)
  return { bytes, congestion: joined.congestion, bearing: joined.bearing }
}
