import { answerContent } from './answer-content.ts'
import { type Asked, LEARN_LIMITS, type LearningDevice, type LearnState } from './learn-state.ts'
import type { ParsedFrame } from './parse-frame.ts'
import { table } from './table.ts'

/**
 * A guest sends an answer of a server: who asked for it knows so when the answer comes. The frame is seen here before the bridge
 * hands it on, and is counted against nobody's limit, so that a guest cannot hide one behind many.
 */
export function markForged(state: LearnState, said: ParsedFrame['said'], portDevice: string, now: number): LearnState {
  if ((said.kind !== 'dhcp' && said.kind !== 'dhcpv6') || said.side !== 'server') return state
  const isAsked = (asked: Asked) => asked.kind === said.kind && asked.id === said.id
  const isFor = ({ request, asked }: LearningDevice) =>
    (said.kind === 'dhcpv6' || said.mac === request.mac) && asked.some(isAsked)
  const mark = { content: answerContent(said), at: now, portDevice }
  let { devices } = state
  for (const [name, device] of table.filter(devices, isFor)) {
    const asked = device.asked.map((one) => {
      if (!isAsked(one)) return one
      const others = one.forged.filter(({ at }) => now - at < LEARN_LIMITS.forgedAge)
      return { ...one, forged: [...others, mark].slice(-LEARN_LIMITS.forgedAnswers) }
    })
    devices = table.with(devices, name, { ...device, asked })
  }
  return { ...state, devices }
}
