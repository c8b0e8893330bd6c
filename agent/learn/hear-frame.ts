import { hearAnswer } from './hear-answer.ts'
import { hearFirstPacket } from './hear-first-packet.ts'
import { hearNeighbour } from './hear-neighbour.ts'
import { hearQuestion } from './hear-question.ts'
import type { LearnEvent, LearningDevice, LearnState } from './learn-state.ts'
import { markForged } from './mark-forged.ts'
import { type ParsedFrame, parseFrame } from './parse-frame.ts'
import { table } from './table.ts'
import { takeToken } from './take-token.ts'

type FrameEvent = Extract<LearnEvent, { kind: 'frame' }>
/** What a frame does, if it is of any use to the device. */
type Effect = (state: LearnState, device: LearningDevice) => LearnState

/**
 * Learns from a frame at the port of a guest. Only a frame that says something about this guest counts against its limit, so that
 * neither its other traffic nor that of others keeps it from being heard.
 */
export function hearFrame(state: LearnState, { portDevice, direction, frame }: FrameEvent, now: number): LearnState {
  const parsed = parseFrame(frame)
  if (parsed === undefined) return state
  const marked = direction === 'from-guest' ? markForged(state, parsed.said, portDevice, now) : state
  const device = table.get(marked.devices, portDevice)
  if (device === undefined) return marked
  const effect = direction === 'from-guest' ? effectFrom(marked, device, parsed, now) : effectTo(device, parsed, now)
  if (effect === undefined) return marked
  const bucket = takeToken(device.buckets[direction], now)
  if (bucket === undefined) return withDevice(marked, { ...device, ignored: device.ignored + 1 })
  const heard = { ...device, buckets: { ...device.buckets, [direction]: bucket } }
  return effect(withDevice(marked, heard), heard)
}

function effectFrom(
  state: LearnState,
  device: LearningDevice,
  { from, said }: ParsedFrame,
  now: number,
): Effect | undefined {
  // A frame with the MAC address of somebody else says nothing about this guest.
  if (from !== device.request.mac) return undefined
  if (said.kind === 'dhcp' || said.kind === 'dhcpv6') return hearQuestion(device, said, now)
  if (said.kind === 'neighbour') return hearNeighbour(state, device, said, now)
  return hearFirstPacket(state, device, said, now)
}

function effectTo(device: LearningDevice, { to, said }: ParsedFrame, now: number): Effect | undefined {
  return said.kind === 'dhcp' || said.kind === 'dhcpv6' ? hearAnswer(device, { said, to }, now) : undefined
}

function withDevice(state: LearnState, device: LearningDevice): LearnState {
  return { ...state, devices: table.with(state.devices, device.request.portDevice, device) }
}
