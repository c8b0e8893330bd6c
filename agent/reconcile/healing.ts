import type { Drift, HealPolicy } from '../link/contract.ts'

/** What the agent knows about healing. Times are ISO 8601. */
export type Healing = {
  readonly policy: HealPolicy
  /** When it healed, in the last minutes. */
  readonly heals: readonly string[]
  readonly pausedUntil: string | null
  readonly pauseReason: string | null
  readonly stoppedAt: string | null
  readonly drift: Drift | null
}

export const NO_DRIFT: Healing = {
  policy: { kind: 'now' },
  heals: [],
  pausedUntil: null,
  pauseReason: null,
  stoppedAt: null,
  drift: null,
}

/** Something that undoes so many heals in that time fights with us, and more of the same helps nobody. */
export const MOST_HEALS = 3
const HEALS_WITHIN_MS = 5 * 60_000

/** What to do about the drift there is: heal now, stop and raise an alarm, or wait. */
export function decideHeal(healing: Healing, now: string): 'heal' | 'stop' | 'wait' {
  const { drift, policy, pausedUntil, stoppedAt } = healing
  if (drift === null || stoppedAt !== null || policy.kind === 'ask') return 'wait'
  if (pausedUntil !== null && now < pausedUntil) return 'wait'
  if (policy.kind === 'after' && Date.parse(now) < Date.parse(drift.since) + policy.seconds * 1000) return 'wait'
  return recentHeals(healing, now).length >= MOST_HEALS ? 'stop' : 'heal'
}

/** The heals that count. */
export function recentHeals({ heals }: Healing, now: string): readonly string[] {
  return heals.filter((at) => Date.parse(now) - Date.parse(at) < HEALS_WITHIN_MS)
}

/** When the drift there is shall be healed, in milliseconds since the epoch; undefined where no time will do. */
export function healDue({ drift, policy, pausedUntil, stoppedAt }: Healing): number | undefined {
  if (drift === null || stoppedAt !== null || policy.kind === 'ask') return undefined
  const wait = policy.kind === 'after' ? policy.seconds * 1000 : 0
  return Math.max(Date.parse(drift.since) + wait, pausedUntil === null ? 0 : Date.parse(pausedUntil))
}
