import { LEARN_LIMITS, type LearnedAddress, type LearningDevice, type LearnState } from './learn-state.ts'
import { table } from './table.ts'

/** Takes what has run out, and finds out which devices wait for too long. Does nothing before it is due. */
export function sweep(state: LearnState, now: number): LearnState {
  if (state.due === null || now < state.due) return state
  const ends: number[] = []
  const entries = table.entries(state.leases).map(([key, addresses]) => {
    const left = addresses.filter((address) => endOf(address) > now)
    for (const address of left) ends.push(endOf(address))
    return [key, left.length === addresses.length ? addresses : left] as const
  })
  const hasEnded = entries.some(([key, left]) => left !== table.get(state.leases, key))
  const leases = hasEnded ? table.from(entries.filter(([, { length }]) => length > 0)) : state.leases
  const late = table.filter(state.devices, (device) => lateAt(device) <= now)
  const devices = table.withAll(
    state.devices,
    late.map(([portDevice, device]) => [portDevice, { ...device, isLate: true }]),
  )
  for (const [, device] of table.entries(devices)) ends.push(lateAt(device))
  const due = ends.reduce((first, end) => Math.min(first, end), Number.POSITIVE_INFINITY)
  return { leases, devices, due: Number.isFinite(due) ? due : null }
}

function endOf({ expiresAt }: LearnedAddress): number {
  return expiresAt === null ? Number.POSITIVE_INFINITY : Date.parse(expiresAt)
}

function lateAt({ isLearned, isLate, since }: LearningDevice): number {
  return isLearned || isLate ? Number.POSITIVE_INFINITY : since + LEARN_LIMITS.late
}
