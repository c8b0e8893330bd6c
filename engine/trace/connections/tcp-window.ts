import { longIn } from '../frame/bytes.ts'
import type { Direction } from './direction.ts'
import type { TcpSide, TcpTrack } from './tcp-connection.ts'
import { kindOf, optionsOf, TCP_FLAG, type TcpSegment } from './tcp-segment.ts'

const WINDOW_SCALE = 3
const SACK_PERMITTED = 4
const SACK = 5
const MOST_SCALE = 14
/** How far an acknowledgement may lag behind, at least. */
const ACK_WINDOW = 66000

const isAfter = (a: number, b: number) => ((b - a) | 0) < 0
const isBefore = (a: number, b: number) => ((a - b) | 0) < 0
const other = (direction: Direction): Direction => (direction === 'original' ? 'reply' : 'original')

/** A side of which nothing was seen. */
export function emptySide(): TcpSide {
  return {
    end: 0,
    maxEnd: 0,
    maxWindow: 0,
    maxAck: undefined,
    scale: 0,
    scales: false,
    sackPermitted: false,
    liberal: false,
    closed: false,
  }
}

/** Takes over what a side says of itself in the options of its SYN. */
export function readSynOptions(side: TcpSide, { options }: TcpSegment): void {
  if (options === undefined) return
  Object.assign(side, { scale: 0, scales: false, sackPermitted: false, closed: false, maxAck: undefined })
  for (const [kind, value] of optionsOf(options)) {
    if (kind === SACK_PERMITTED && value.length === 0) side.sackPermitted = true
    if (kind === WINDOW_SCALE && value.length === 1)
      Object.assign(side, { scale: Math.min(value[0] ?? 0, MOST_SCALE), scales: true })
  }
}

/**
 * Whether a segment lies in the window of its receiver, and what is learned from it (tcp_in_window). A segment that is ignored
 * belongs to the connection and changes nothing.
 */
export function checkWindow(
  track: TcpTrack,
  direction: Direction,
  segment: TcpSegment,
): 'accept' | 'ignore' | 'invalid' {
  const [sender, receiver] = [track.sides[direction], track.sides[other(direction)]]
  let { sequence, end } = segment
  let sack = segment.acknowledged
  if (receiver.sackPermitted) sack = highestSack(segment, sack)
  if (initialise(track, direction, segment, sack)) return 'accept'
  let ack = segment.acknowledged
  const isBrokenReset = segment.flags & TCP_FLAG.rst && ack === 0
  if (!(segment.flags & TCP_FLAG.ack) || isBrokenReset) {
    ack = receiver.end
    sack = receiver.end
  }
  // A reset that answers a SYN has no number of its own.
  if (segment.flags & TCP_FLAG.rst && sequence === 0 && track.state === 'SYN_SENT') {
    sequence = sender.end
    end = sender.end
  }
  const found = judge(sender, receiver, { sequence, end, sack })
  if (found === 'accept') {
    learn(sender, receiver, segment, { end, ack, sack })
    if (kindOf(segment) === 'ack')
      Object.assign(track.last, { direction, end, window: segment.window, acknowledged: ack })
  }
  return sender.liberal ? 'accept' : found
}

/** The first segment of a side tells where it stands; true where there is nothing more to check. */
function initialise(track: TcpTrack, direction: Direction, segment: TcpSegment, sack: number): boolean {
  const [sender, receiver] = [track.sides[direction], track.sides[other(direction)]]
  const isSyn = (segment.flags & TCP_FLAG.syn) !== 0
  const isAlone = isSyn && (segment.flags & TCP_FLAG.ack) === 0
  if (sender.maxWindow === 0 && isSyn) {
    beginSide(sender, receiver, direction, segment)
    return isAlone
  }
  if (sender.maxWindow === 0) {
    sender.end = segment.end
    sender.maxWindow = Math.max(1, segment.window << sender.scale)
    sender.maxEnd = (segment.end + sender.maxWindow) >>> 0
    if (receiver.maxWindow === 0) Object.assign(receiver, { end: sack, maxEnd: sack })
    // An answer to a keepalive.
    else if (sack === (receiver.end + 1) >>> 0) receiver.end = sack
    return false
  }
  const opens = track.state === 'SYN_SENT' || track.state === 'SYN_RECV'
  if (!isSyn || !isAfter(segment.end, sender.end) || !opens) return false
  beginSide(sender, receiver, direction, segment)
  return isAlone && direction === 'reply'
}

function beginSide(sender: TcpSide, receiver: TcpSide, direction: Direction, segment: TcpSegment): void {
  Object.assign(sender, { end: segment.end, maxEnd: segment.end, maxWindow: Math.max(1, segment.window) })
  readSynOptions(sender, segment)
  // Windows are scaled only where both sides say so. RFC 7323.
  if (direction === 'reply' && !(sender.scales && receiver.scales)) {
    sender.scale = 0
    receiver.scale = 0
  }
}

type Numbers = { readonly sequence: number; readonly end: number; readonly sack: number }

function judge(sender: TcpSide, receiver: TcpSide, { sequence, end, sack }: Numbers): 'accept' | 'ignore' | 'invalid' {
  const lowestAck = (receiver.end - Math.max(sender.maxWindow, ACK_WINDOW) - 1) >>> 0
  const lowestEnd = (sender.end - receiver.maxWindow - 1) >>> 0
  const isKnown = isBefore(sack, receiver.end + 1)
  if (!isBefore(sequence, sender.maxEnd + 1)) {
    const overshot = (end - sender.maxEnd + 1) >>> 0
    const isInside = receiver.maxWindow !== 0 && isAfter(end, lowestEnd)
    if (!isInside || !isAfter(sack, lowestAck) || overshot > receiver.maxWindow || !isKnown) return 'invalid'
    // More than the receiver takes, but it may acknowledge it.
    sender.end = end
    return 'ignore'
  }
  if (!isKnown) return 'invalid'
  if (receiver.maxWindow !== 0 && !isAfter(end, lowestEnd)) return 'ignore'
  return isAfter(sack, lowestAck) ? 'accept' : 'ignore'
}

function learn(
  sender: TcpSide,
  receiver: TcpSide,
  { flags, window }: TcpSegment,
  { end, ack, sack }: { readonly end: number; readonly ack: number; readonly sack: number },
): void {
  const scaled = flags & TCP_FLAG.syn ? window : window << sender.scale
  const needed = (scaled + sack - ack) >>> 0
  if (sender.maxWindow < needed) sender.maxWindow = needed
  if (isAfter(end, sender.end)) sender.end = end
  if (flags & TCP_FLAG.ack && (sender.maxAck === undefined || isAfter(ack, sender.maxAck))) sender.maxAck = ack
  if (receiver.maxWindow !== 0 && isAfter(end, sender.maxEnd)) receiver.maxWindow += (end - sender.maxEnd) >>> 0
  if (isAfter(sack + scaled, receiver.maxEnd - 1)) receiver.maxEnd = (sack + scaled + (scaled === 0 ? 1 : 0)) >>> 0
}

function highestSack({ options }: TcpSegment, ack: number): number {
  if (options === undefined) return ack
  // The first block list alone counts.
  const [, blocks] = optionsOf(options).find(([kind, value]) => kind === SACK && isBlockList(value)) ?? []
  let highest = ack
  for (let at = 4; blocks !== undefined && at < blocks.length; at += 8) {
    const end = longIn(blocks, at)
    if (isAfter(end, highest)) highest = end
  }
  return highest
}

function isBlockList(value: Uint8Array): boolean {
  return value.length >= 8 && value.length % 8 === 0
}
