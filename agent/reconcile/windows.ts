import type { AgentState, ConfirmWindow } from './agent-state.ts'

/** A clock that is kept by NTP steps back by less. */
const CLOCK_SLACK_MS = 2000

/** The window in which one of these devices waits for a confirmation. */
export function windowOf(
  { windows }: Pick<AgentState, 'windows'>,
  portDevices: readonly string[],
): ConfirmWindow | undefined {
  return Object.values(windows).find(({ before }) => portDevices.some((name) => Object.hasOwn(before, name)))
}

/** The first window whose time is over. A clock that was set back behind its opening ends it too: nobody knows how long it was open. */
export function expiredWindow({ windows }: Pick<AgentState, 'windows'>, now: string): ConfirmWindow | undefined {
  const time = Date.parse(now)
  return Object.values(windows).find(
    ({ until, openedAt }) => time >= Date.parse(until) || time + CLOCK_SLACK_MS < Date.parse(openedAt),
  )
}

/** When the first window ends, in milliseconds since the epoch. */
export function windowDue({ windows }: Pick<AgentState, 'windows'>): number | undefined {
  const ends = Object.values(windows).map(({ until }) => Date.parse(until))
  return ends.length === 0 ? undefined : Math.min(...ends)
}
