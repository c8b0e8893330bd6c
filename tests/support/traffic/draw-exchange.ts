import type { Random } from '../random.ts'
import { answerErrors } from './answer-errors.ts'
import { drawFrame } from './draw-frame.ts'
import type { FrameDraft } from './frame-draft.ts'
import type { IpPacket } from './ip-packet.ts'
import type { Aim } from './read-aims.ts'
import type { Scene, Way } from './scene.ts'
import type { Segment } from './segment.ts'
import { type Turn, turnsOf } from './turns.ts'

/** The packet that begins an exchange, and the frame it comes in. */
type Opening = { readonly draft: FrameDraft; readonly packet: IpPacket; readonly way: Way }

const MOST_TRIES = 20

/**
 * Draws an exchange between two parties, begun by either: a whole connection or a part of it, answers that nobody asked for,
 * errors that quote a packet, or several connections from one source. The lab's host begins some and answers by itself.
 */
export function drawExchange(random: Random, scene: Scene, aim: Aim | undefined): readonly FrameDraft[] {
  const opening = drawOpening(random, scene, aim)
  if (opening === undefined) return []
  const limit = aim?.numbers.get('connlimit-above')
  if (limit !== undefined && limit < 8 && random.chance(0.6)) return manyConnections(random, scene, opening, limit + 2)
  const frames = turnsOf(random, opening.packet.segment).map((turn) => takeTurn(random, opening, turn))
  if (random.chance(0.25)) frames.splice(1 + random.below(frames.length), 0, ...errorsFor(random, opening, frames))
  if (random.chance(0.15)) return whole(frames.filter(() => random.chance(0.6)))
  // Only the answers, or everything from somewhere in the middle.
  if (random.chance(0.15)) return whole(frames.slice(random.below(frames.length)))
  return whole(frames)
}

/** A frame with an IP packet that has a port of its own where the rule leaves it open. */
function drawOpening(random: Random, scene: Scene, aim: Aim | undefined): Opening | undefined {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    const draft = drawFrame(random, scene, aim)
    if (draft.body.kind !== 'ip') continue
    const { packet } = draft.body
    const isOpen = !aim?.numbers.has('srcportstart') && random.chance(0.9)
    const segment = isOpen ? { ...packet.segment, srcPort: scene.nextPort() } : packet.segment
    return { draft, packet: { ...packet, segment, cut: undefined }, way: draft.way }
  }
  return undefined
}

function takeTurn(random: Random, { draft, packet, way }: Opening, turn: Turn): FrameDraft | undefined {
  const ident = 1 + random.below(0xfffe)
  if (!turn.isAnswer)
    return {
      ...draft,
      body: { kind: 'ip', packet: { ...packet, ident, segment: { ...packet.segment, ...turn.segment } } },
    }
  const { srcPort, dstPort } = packet.segment
  const segment: Segment = { ...packet.segment, srcPort: dstPort, dstPort: srcPort, ...turn.segment }
  return answerOf(draft, way, { ...packet, src: packet.dst, dst: packet.src, options: [], ident, segment })
}

/** A frame the other way; undefined where the lab's host would have to send it. */
function answerOf(draft: FrameDraft, { sender, receiver, fromGuest }: Way, packet: IpPacket): FrameDraft | undefined {
  if (receiver.from === 'host') return undefined
  const isGroup = ((draft.dst[0] ?? 0) & 1) === 1
  return {
    ...draft,
    from: receiver.from,
    src: isGroup ? receiver.mac : draft.dst,
    // A forged source does not get its answer where the bridge knows better.
    dst: fromGuest ? sender.mac : draft.src,
    body: { kind: 'ip', packet },
  }
}

/** Errors about the opening, from its receiver, or about the first answer, from the sender. */
function errorsFor(
  random: Random,
  { draft, packet, way }: Opening,
  frames: readonly (FrameDraft | undefined)[],
): readonly (FrameDraft | undefined)[] {
  const first = frames.find((frame) => frame !== undefined)
  const quoted = first?.body.kind === 'ip' ? first.body.packet : packet
  return answerErrors(random, quoted).map((error) =>
    random.chance(0.75)
      ? answerOf(draft, way, error)
      : { ...draft, body: { kind: 'ip', packet: { ...error, src: error.dst, dst: error.src } } },
  )
}

/** Connections that are open at one time, each from a port of its own, and pings with identifiers of their own. */
function manyConnections(
  random: Random,
  scene: Scene,
  { draft, packet, way }: Opening,
  count: number,
): readonly FrameDraft[] {
  return Array.from({ length: count }, () => {
    const segment = { ...packet.segment, srcPort: scene.nextPort() }
    const own: Opening = { draft, packet: { ...packet, segment }, way }
    const turns = turnsOf(random, segment).slice(0, 3)
    return whole(turns.map((turn) => takeTurn(random, own, turn)))
  }).flat()
}

function whole(frames: readonly (FrameDraft | undefined)[]): readonly FrameDraft[] {
  return frames.filter((frame) => frame !== undefined)
}
