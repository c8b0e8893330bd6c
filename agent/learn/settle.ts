import { LEARN_LIMITS, type Learned, type LearnedAddress, type LearningDevice, type LearnState } from './learn-state.ts'
import { missingFamilies } from './missing-families.ts'
import { shownAddresses } from './shown-addresses.ts'
import { table } from './table.ts'

/** Compares two states: says which devices have other addresses, and keeps since when each waits or has them. */
export function settle(before: LearnState, after: LearnState, now: number): Learned {
  let state = after
  const changed: string[] = []
  for (const [portDevice, device] of table.entries(after.devices)) {
    const known = table.get(before.devices, portDevice)
    if (known?.request === device.request && !isTaught(before, after, device)) continue
    const addresses = shownAddresses(after, device)
    if (textOf(known === undefined ? [] : shownAddresses(before, known)) !== textOf(addresses)) changed.push(portDevice)
    const isLearned = missingFamilies(device, addresses).length === 0
    if (isSameGuest(known, device) && isLearned === device.isLearned) continue
    state = begin(state, portDevice, { ...device, isLearned, isLate: false, since: now })
  }
  return { state, changed }
}

function isTaught(before: LearnState, after: LearnState, { request: { key } }: LearningDevice): boolean {
  return table.get(before.leases, key) !== table.get(after.leases, key)
}

function isSameGuest(known: LearningDevice | undefined, { request }: LearningDevice): boolean {
  return known?.request.key === request.key && known.request.mac === request.mac
}

function begin(state: LearnState, portDevice: string, device: LearningDevice): LearnState {
  const devices = table.with(state.devices, portDevice, device)
  const late = device.isLearned ? Number.POSITIVE_INFINITY : device.since + LEARN_LIMITS.late
  const due = Math.min(state.due ?? Number.POSITIVE_INFINITY, late)
  return { ...state, devices, due: Number.isFinite(due) ? due : null }
}

function textOf(addresses: readonly LearnedAddress[]): string {
  return addresses
    .map(({ address }) => address)
    .sort()
    .join(' ')
}
