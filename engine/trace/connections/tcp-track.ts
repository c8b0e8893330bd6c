import type { Direction } from './direction.ts'
import type { TcpTrack } from './tcp-connection.ts'
import { kindOf, TCP_FLAG, type TcpSegment } from './tcp-segment.ts'
import { stepTcp, type TcpKind, type TcpState } from './tcp-states.ts'
import { checkWindow, emptySide, readSynOptions } from './tcp-window.ts'

/** What becomes of a segment: `reopen` when its connection is closed and this one opens another. */
export type TcpAnswer = 'taken' | 'ignored' | 'invalid' | 'reopen'
/** What of a connection a segment is judged by besides its track. */
export type TcpFacts = { readonly seenReply: boolean; readonly assured: boolean }

const CLOSING: readonly TcpState[] = ['FIN_WAIT', 'LAST_ACK', 'TIME_WAIT', 'CLOSE', 'CLOSE_WAIT']

/** The track of a connection that begins with this segment (tcp_new); undefined where none can. */
export function beginTcp(segment: TcpSegment): TcpTrack | undefined {
  const step = stepTcp('original', kindOf(segment), 'NONE')
  if (step === 'invalid') return undefined
  const maxWindow = Math.max(1, segment.window)
  const sides = { original: { ...emptySide(), end: segment.end, maxEnd: segment.end, maxWindow }, reply: emptySide() }
  if (step === 'SYN_SENT') readSynOptions(sides.original, segment)
  else {
    sides.original.maxEnd = (segment.end + maxWindow) >>> 0
    for (const side of Object.values(sides)) Object.assign(side, { sackPermitted: true, liberal: true })
  }
  return {
    state: 'NONE',
    sides,
    last: { kind: 'none', direction: 'original', end: 0, window: 0, acknowledged: 0 },
    ignored: { scale: 0, scales: false, sackPermitted: false },
    expectsChallenge: false,
    simultaneous: false,
  }
}

/** Takes a segment of a connection into account (nf_conntrack_tcp_packet). */
export function trackTcp(track: TcpTrack, direction: Direction, segment: TcpSegment, facts: TcpFacts): TcpAnswer {
  const kind = kindOf(segment)
  const before = track.state
  let next = stepTcp(direction, kind, before)
  if (next === 'invalid') return 'invalid'
  const reopens = next === 'SYN_SENT' && (before === 'TIME_WAIT' || before === 'CLOSE')
  if (reopens && mayReopen(track, direction)) return 'reopen'
  if (reopens || next === 'ignore') {
    if (!isAwaited(track, direction, segment)) return ignore(track, direction, segment)
    next = resynchronise(track, direction)
  }
  if (next === 'TIME_WAIT' && isChallenge(track, direction, kind)) {
    track.expectsChallenge = false
    return 'ignored'
  }
  if (next === 'SYN_SENT2') track.simultaneous = true
  if (next === 'SYN_RECV' && direction === 'reply' && kind === 'ack' && track.simultaneous) next = 'ESTABLISHED'
  let isInside = false
  if (next === 'CLOSE' && kind === 'rst') {
    const reset = judgeReset(track, direction, segment, facts)
    if (reset === 'invalid') return 'invalid'
    isInside = reset === 'inside'
    if (reset === 'keep') next = before
  }
  const found = isInside ? 'accept' : checkWindow(track, direction, segment)
  if (found !== 'accept') return found === 'ignore' ? 'ignored' : noteInvalid(track, direction, kind, facts)
  Object.assign(track.last, { kind, direction })
  track.state = next
  if (before !== next && next === 'FIN_WAIT') track.sides[direction].closed = true
  return 'taken'
}

/** A connection that was closed, or given up by this side, may begin anew. */
function mayReopen({ sides, last }: TcpTrack, direction: Direction): boolean {
  return sides.original.closed || sides.reply.closed || (last.direction === direction && last.kind === 'rst')
}

/** The answer to a SYN that was ignored: both ends agree, and the track was wrong. */
function isAwaited({ last }: TcpTrack, direction: Direction, segment: TcpSegment): boolean {
  return (
    kindOf(segment) === 'synack' &&
    last.kind === 'syn' &&
    last.direction !== direction &&
    segment.acknowledged === last.end
  )
}

function resynchronise(track: TcpTrack, direction: Direction): TcpState {
  const { last, ignored, sides } = track
  const asking = { end: last.end, maxEnd: last.end, maxWindow: Math.max(1, last.window), ...ignored }
  Object.assign(sides[last.direction], asking, { liberal: false, closed: false, maxAck: undefined })
  track.expectsChallenge = false
  Object.assign(sides[direction], { ...emptySide(), liberal: sides[direction].liberal })
  return 'SYN_RECV'
}

function ignore(track: TcpTrack, direction: Direction, segment: TcpSegment): TcpAnswer {
  const kind = kindOf(segment)
  const { end, window } = segment
  Object.assign(track.last, { kind, direction, end, window })
  if (kind === 'syn' && direction === 'original') {
    const said = emptySide()
    readSynOptions(said, segment)
    const { scale, scales, sackPermitted } = said
    track.ignored = { scale, scales, sackPermitted }
    track.simultaneous = false
    track.expectsChallenge = track.state === 'LAST_ACK'
  }
  if (track.state === 'SYN_SENT' && kind === 'ack' && direction === 'reply')
    track.last.acknowledged = segment.acknowledged
  return 'ignored'
}

function isChallenge({ state, last, expectsChallenge }: TcpTrack, direction: Direction, kind: TcpKind): boolean {
  return (
    state === 'LAST_ACK' && kind === 'ack' && last.direction !== direction && last.kind === 'syn' && expectsChallenge
  )
}

/** A reset closes only where its number fits: `inside` the window for sure, `keep` the state, `close` after a look at the window. */
function judgeReset(
  { state, sides, last }: TcpTrack,
  direction: Direction,
  { sequence, acknowledged }: TcpSegment,
  { seenReply, assured }: TcpFacts,
): 'inside' | 'invalid' | 'keep' | 'close' {
  if (CLOSING.includes(state)) return 'inside'
  const isEstablished = state === 'ESTABLISHED' && assured
  const { maxAck } = sides[direction === 'original' ? 'reply' : 'original']
  let answer: 'keep' | 'close' = 'close'
  if (maxAck !== undefined && last.kind !== 'syn') {
    if (sequence === 0 && !isEstablished) return 'close'
    if (((sequence - maxAck) | 0) < 0) return 'invalid'
    if (!isEstablished || sequence === maxAck) return 'close'
    if (last.kind === 'ack' && last.direction === direction && sequence === last.end) return 'close'
    answer = 'keep'
  }
  const answersIgnored = (seenReply && last.kind === 'syn') || (!assured && last.kind === 'ack')
  if (answersIgnored && acknowledged === last.end) return 'inside'
  const answersChallenge = state === 'SYN_SENT' && last.kind === 'ack' && last.direction === 'reply'
  return answersChallenge && sequence === last.acknowledged ? 'inside' : answer
}

function noteInvalid(track: TcpTrack, direction: Direction, kind: TcpKind, { assured }: TcpFacts): TcpAnswer {
  const closes = kind === 'rst' || kind === 'fin'
  const wasAnswered = track.last.direction !== direction && (track.last.kind === 'fin' || track.last.kind === 'rst')
  if (assured && closes && !wasAnswered) Object.assign(track.last, { kind, direction })
  return 'invalid'
}

/** Whether a connection counts as used, after a segment that was taken: both sides know that it stands. */
export function isAssured(before: TcpState, { state }: TcpTrack): boolean {
  return (before === 'SYN_RECV' || before === 'ESTABLISHED') && state === 'ESTABLISHED'
}

/** A reset before any answer removes the connection. */
export function isRefused({ flags }: TcpSegment, { seenReply }: TcpFacts): boolean {
  return !seenReply && (flags & TCP_FLAG.rst) !== 0
}
