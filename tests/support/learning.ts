import { learn } from '../../agent/learn/learn.ts'
import { EMPTY_LEARN_STATE, type FrameDirection, type LearnRequest } from '../../agent/learn/learn-state.ts'
import { learningView } from '../../agent/learn/learning-view.ts'
import { bytesOf } from './dhcp-frames.ts'

export const LEARNER = { portDevice: 'vnet0', mac: '52:54:00:00:00:10' } as const
export const OTHER_LEARNER = { portDevice: 'vnet1', mac: '52:54:00:00:00:11' } as const

export function learnRequest(request: Partial<LearnRequest> = {}): LearnRequest {
  const { portDevice = LEARNER.portDevice, mac = LEARNER.mac } = request
  return { key: `${mac} 7d8e2f6a`, ipv4: 'dhcp', ipv6: 'none', servers: [], ...request, portDevice, mac }
}

/** A machine whose clock stands until it is moved; begins on 1 January 2030. Each call returns the devices that changed. */
export function openLearning(requests: readonly LearnRequest[], from = EMPTY_LEARN_STATE) {
  let state = from
  let now = Date.UTC(2030, 0, 1)
  const take = (event: Parameters<typeof learn>[1]) => {
    const learned = learn(state, event, now)
    state = learned.state
    return learned.changed
  }
  const hear = (portDevice: string, direction: FrameDirection, frame: string) =>
    take({ kind: 'frame', portDevice, direction, frame: bytesOf(frame) })
  take({ kind: 'requests', requests })
  return {
    state: () => state,
    now: () => now,
    says: (frame: string, portDevice: string = LEARNER.portDevice) => hear(portDevice, 'from-guest', frame),
    hears: (frame: string, portDevice: string = LEARNER.portDevice) => hear(portDevice, 'to-guest', frame),
    ask: (requests: readonly LearnRequest[]) => take({ kind: 'requests', requests }),
    wait: (seconds: number) => {
      now += seconds * 1000
      return take({ kind: 'tick' })
    },
    /** Moves the clock, and tells nobody. */
    pass: (seconds: number) => {
      now += seconds * 1000
    },
    view: (portDevice: string = LEARNER.portDevice) => learningView(state, portDevice, now),
    addresses: (portDevice: string = LEARNER.portDevice) =>
      learningView(state, portDevice, now).addresses.map(({ address }) => address),
  }
}

export type Learning = ReturnType<typeof openLearning>
