import { byteIn, longIn, wordIn } from '../frame/bytes.ts'
import type { Direction } from './direction.ts'
import { CHUNK, type SctpState, stepSctp } from './sctp-states.ts'

/** What is known of an SCTP association (ip_ct_sctp). */
export type SctpTrack = {
  state: SctpState
  /** The tag each side's packets carry: the one its receiver chose. 0 while it is not known. */
  readonly tags: Record<Direction, number>
  /** Who has sent an INIT that no COOKIE ACK has settled. */
  readonly begun: Record<Direction, boolean>
  /** A heartbeat came with a tag that does not fit. */
  heartbeatFailed: boolean
  lastDirection: Direction
}
type Chunk = { readonly type: number; readonly flags: number; readonly at: number }
type Packet = { readonly tag: number; readonly chunks: readonly Chunk[]; readonly bytes: Uint8Array }

const HEADER = 12
const CHUNK_HEADER = 4
/** The tag is the other side's own, as it could not know ours. */
const T_FLAG = 1
/** Chunks whose tag is looked at by rules of their own. */
const OWN_TAG_RULE: readonly number[] = [
  CHUNK.init,
  CHUNK.shutdownComplete,
  CHUNK.cookieEcho,
  CHUNK.abort,
  CHUNK.shutdownAck,
  CHUNK.heartbeat,
  CHUNK.heartbeatAck,
]
const ALONE: readonly number[] = [CHUNK.init, CHUNK.initAck, CHUNK.shutdownComplete]
const NEVER_FIRST: readonly number[] = [CHUNK.abort, CHUNK.shutdownComplete, CHUNK.cookieAck]

/** The packet at a place; undefined where its chunks cannot be (do_basic_checks). */
export function readSctp(bytes: Uint8Array, at: number): Packet | undefined {
  if (bytes.length < at + HEADER) return undefined
  const chunks: Chunk[] = []
  let isAlone = false
  for (let next = at + HEADER; next < bytes.length && next + CHUNK_HEADER <= bytes.length; ) {
    const type = byteIn(bytes, next)
    const length = wordIn(bytes, next + 2)
    isAlone ||= ALONE.includes(type)
    const isFirstOnly = type === CHUNK.cookieAck || type === CHUNK.cookieEcho || isAlone
    if ((isFirstOnly && chunks.length > 0) || length === 0) return undefined
    chunks.push({ type, flags: byteIn(bytes, next + 1), at: next + CHUNK_HEADER })
    next += (length + 3) & ~3
  }
  return chunks.length === 0 ? undefined : { tag: longIn(bytes, at + 4), chunks, bytes }
}

/** The track of an association that begins with this packet (sctp_new); undefined where none can. */
export function beginSctp({ tag, chunks, bytes }: Packet): SctpTrack | undefined {
  if (chunks.some(({ type }) => NEVER_FIRST.includes(type))) return undefined
  const tags = { original: 0, reply: 0 }
  for (const { type, at } of chunks) {
    const next = stepSctp('original', type, 'NONE')
    if (next === 'invalid' || next === 'NONE') return undefined
    if (type === CHUNK.init) {
      if (tag !== 0 || bytes.length < at + 16) return undefined
      tags.reply = longIn(bytes, at)
    } else if (type === CHUNK.heartbeat) tags.original = tag
    else if (type === CHUNK.shutdownAck) tags.reply = tag
  }
  return {
    state: 'NONE',
    tags,
    begun: { original: false, reply: false },
    heartbeatFailed: false,
    lastDirection: 'original',
  }
}

/** Takes a packet of an association into account (nf_conntrack_sctp_packet); false where it does not belong. */
export function trackSctp(track: SctpTrack, direction: Direction, packet: Packet): boolean {
  const { tag, chunks } = packet
  if (!chunks.some(({ type }) => OWN_TAG_RULE.includes(type)) && tag !== track.tags[direction]) return false
  const hasData = chunks.some(({ type }) => type === CHUNK.data)
  let wasForgiven = false
  for (const chunk of chunks) {
    const checked = checkTag(track, direction, chunk, { tag, isStrict: hasData || wasForgiven })
    if (checked === 'wrong') return false
    if (checked === 'forgiven') {
      wasForgiven = true
      continue
    }
    const next = stepSctp(direction, chunk.type, track.state)
    if (next === 'invalid' || !noteTags(track, direction, chunk, packet)) return false
    track.state = next
  }
  return true
}

type TagCheck = { readonly tag: number; readonly isStrict: boolean }

function checkTag(
  track: SctpTrack,
  direction: Direction,
  { type, flags }: Chunk,
  { tag, isStrict }: TagCheck,
): 'right' | 'wrong' | 'forgiven' {
  const { tags, begun } = track
  const other = direction === 'original' ? 'reply' : 'original'
  switch (type) {
    case CHUNK.init:
      return tag === 0 ? 'right' : 'wrong'
    case CHUNK.abort:
    case CHUNK.shutdownComplete:
      return tag === tags[flags & T_FLAG ? other : direction] ? 'right' : 'wrong'
    case CHUNK.cookieEcho:
      return tag === tags[direction] ? 'right' : 'wrong'
    case CHUNK.cookieAck:
      begun.original = false
      begun.reply = false
      return 'right'
    case CHUNK.heartbeat:
    case CHUNK.heartbeatAck:
      return checkHeartbeat(track, direction, type, { tag, isStrict })
    default:
      return 'right'
  }
}

/** A heartbeat may come by another way, where the tag is not known yet or is one of before. */
function checkHeartbeat(
  track: SctpTrack,
  direction: Direction,
  type: number,
  { tag, isStrict }: TagCheck,
): 'right' | 'wrong' | 'forgiven' {
  const { tags } = track
  if (tags[direction] === 0) {
    tags[direction] = tag
    return 'right'
  }
  if (tag === tags[direction]) {
    track.heartbeatFailed = false
    return 'right'
  }
  if (isStrict) return 'wrong'
  if (type === CHUNK.heartbeat) {
    track.heartbeatFailed = true
    track.lastDirection = direction
    return 'forgiven'
  }
  if (!track.heartbeatFailed || track.lastDirection === direction) return 'wrong'
  track.heartbeatFailed = false
  tags[direction] = tag
  tags[direction === 'original' ? 'reply' : 'original'] = 0
  return 'right'
}

/** Remembers the tag that an INIT or its answer chooses; false where it contradicts what is known. */
function noteTags({ tags, begun }: SctpTrack, direction: Direction, { type, at }: Chunk, { bytes }: Packet): boolean {
  if (type !== CHUNK.init && type !== CHUNK.initAck) return true
  if (bytes.length < at + 16) return false
  const other = direction === 'original' ? 'reply' : 'original'
  const chosen = longIn(bytes, at)
  if (type === CHUNK.init) {
    if (begun[direction] && begun[other]) begun[other] = false
    begun[direction] = true
  } else {
    const known = tags[other]
    if (!begun[other] && known !== 0 && known !== chosen) return false
    if (begun.original && begun.reply && known !== chosen) return false
  }
  tags[other] = chosen
  return true
}
