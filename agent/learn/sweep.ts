import { LEARN_LIMITS, type LearnedAddress, type LearningDevice, type LearnState } from './learn-state.ts'
import { table } from './table.ts'

/** Takes what has run out, and finds out which devices wait for too long. Does nothing before it is due. */
export function sweep(state: LearnState, now: number): LearnState {
  if (state.due === null || now < state.due) return state
  let { leases, devices } = state
  let due = Number.POSITIVE_INFINITY
  for (const [key, addresses] of table.entries(leases)) {
    const left = addresses.filter((address) => endOf(address) > now)
    if (left.length === 0) leases = table.without(leases, key)
    else if (left.length < addresses.length) leases = table.with(leases, key, left)
    due = Math.min(due, ...left.map(endOf))
  }
  for (const [portDevice, device] of table.entries(devices)) {
    const late = lateAt(device)
    if (late <= now) devices = table.with(devices, portDevice, { ...device, isLate: true })
    else due = Math.min(due, late)
  }
  return { leases, devices, due: Number.isFinite(due) ? due : null }
}

function endOf({ expiresAt }: LearnedAddress): number {
  return expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(expiresAt)
}

function lateAt({ isLearned, isLate, since }: LearningDevice): number {
  return isLearned || isLate ? Number.POSITIVE_INFINITY : since + LEARN_LIMITS.late
}
