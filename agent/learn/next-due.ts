import type { LearnState } from './learn-state.ts'

/** When a tick has something to do at the earliest, in ms since the epoch; undefined while nothing waits for the time. */
export function nextDue({ due }: LearnState): number | undefined {
  return due ?? undefined
}
