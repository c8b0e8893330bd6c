import type { RulePlace, TraceFrame } from '../trace.ts'

/** At which port a frame passes, and what was written on it so far. */
export type Bearing = Pick<TraceFrame, 'portDevice' | 'direction'> & {
  readonly mark: number
  /** The rule that set the mark. */
  readonly marker: RulePlace | null
}
/** A part of a packet: its bytes behind the headers, and where they belong. */
export type Piece = {
  readonly start: number
  readonly isLast: boolean
  readonly data: Uint8Array
  /** Everything in front of the data; that of the first piece becomes the head of the whole packet. */
  readonly head: Uint8Array
  /** The two ECN bits. */
  readonly ecn: number
  /** The whole goes the way of the first piece, whoever sent the others. */
  readonly bearing: Bearing
}

/** The pieces of one packet that have come so far (inet_frag_queue). */
export type FragmentQueue = {
  readonly pieces: Piece[]
  /** Pieces that came one behind the other count as one where another is compared with them. */
  readonly runs: { start: number; end: number }[]
  /** The length of the whole, as far as it is known. */
  length: number
  hasLast: boolean
}

/** What the pieces of a packet are together. */
export type JoinedPieces = Pick<Piece, 'head' | 'data' | 'bearing'> & {
  /** One of them met congestion. */
  readonly congestion: boolean
}

/** What becomes of a piece: `broken` takes the whole queue with it. What is there already is held once. */
type Queued = 'held' | 'complete' | 'refused' | 'broken'

/** Both ECN bits: congestion was met. */
const CONGESTION = 3

/** A queue without pieces. */
export function emptyQueue(): FragmentQueue {
  return { pieces: [], runs: [], length: 0, hasLast: false }
}

/** Puts a piece to the others. A piece that contradicts the length known so far is refused. */
export function queuePiece(queue: FragmentQueue, piece: Piece): Queued {
  const { start, data, isLast } = piece
  const end = start + data.length
  if (isLast) {
    if (end < queue.length || (queue.hasLast && end !== queue.length)) return 'refused'
    queue.hasLast = true
    queue.length = end
  } else if (end > queue.length) {
    if (queue.hasLast) return 'refused'
    queue.length = end
  }
  if (data.length === 0) return 'refused'
  const overlap = insert(queue, start, end)
  if (overlap !== undefined) return overlap
  queue.pieces.push(piece)
  const amount = queue.pieces.reduce((sum, one) => sum + one.data.length, 0)
  const isComplete = queue.hasLast && amount === queue.length && queue.pieces.some((one) => one.start === 0)
  return isComplete ? 'complete' : 'held'
}

function insert({ runs }: FragmentQueue, start: number, end: number): 'held' | 'broken' | undefined {
  const last = runs.at(-1)
  if (last !== undefined && last.end >= end) {
    for (const run of runs) {
      if (end <= run.start || start >= run.end) continue
      return start >= run.start && end <= run.end ? 'held' : 'broken'
    }
  } else if (last !== undefined && start < last.end) return 'broken'
  if (last !== undefined && start === last.end) last.end = end
  else {
    runs.push({ start, end })
    runs.sort((a, b) => a.start - b.start)
  }
  return undefined
}

/** The head of the first piece and the data of all in order, with their ECN bits; undefined where they do not go together. */
export function joinPieces({ pieces }: FragmentQueue): JoinedPieces | undefined {
  const ordered = pieces.toSorted((a, b) => a.start - b.start)
  const [first] = ordered
  const bits = new Set(pieces.map(({ ecn }) => ecn))
  // Some say that they can tell of congestion, and some that they cannot. RFC 3168.
  if (first === undefined || (bits.has(0) && bits.size > 1)) return undefined
  const length = ordered.reduce((sum, { data }) => sum + data.length, 0)
  const data = new Uint8Array(length)
  for (const piece of ordered) data.set(piece.data, piece.start)
  return { head: first.head, data, congestion: bits.has(CONGESTION), bearing: first.bearing }
}
