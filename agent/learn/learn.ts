import { hearFrame } from './hear-frame.ts'
import type { LearnEvent, Learned, LearnState } from './learn-state.ts'
import { settle } from './settle.ts'
import { sweep } from './sweep.ts'
import { takeRequests } from './take-requests.ts'

/**
 * Learns addresses of guests from what they and their servers say. Pure: `now` is in ms since the epoch. No frame makes it throw,
 * and no guest makes it remember more than LEARN_LIMITS. Spec 7, without the defects of 7.6.
 */
export function learn(state: LearnState, event: LearnEvent, now: number): Learned {
  const next = handle(sweep(state, now), event, now)
  // Nearly all frames change no lease: they are not worth a look at every device.
  if (event.kind !== 'requests' && next.leases === state.leases) return { state: next, changed: [] }
  return settle(state, next, now)
}

function handle(state: LearnState, event: LearnEvent, now: number): LearnState {
  if (event.kind === 'requests') return takeRequests(state, event.requests, now)
  return event.kind === 'frame' ? hearFrame(state, event, now) : state
}
