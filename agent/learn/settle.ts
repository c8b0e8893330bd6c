import { LEARN_LIMITS, type Learned, type LearnedAddress, type LearningDevice, type LearnState } from './learn-state.ts'
import { missingFamilies } from './missing-families.ts'
import { shownAddresses } from './shown-addresses.ts'
import { table } from './table.ts'

/** Compares two states: says which devices have other addresses, and keeps since when each waits or has them. */
export function settle(before: LearnState, after: LearnState, now: number): Learned {
  const changed: string[] = []
  const begun: [string, LearningDevice][] = []
  for (const [portDevice, device] of touched(before, after)) {
    const known = table.get(before.devices, portDevice)
    const addresses = shownAddresses(after, device)
    if (textOf(known === undefined ? [] : shownAddresses(before, known)) !== textOf(addresses)) changed.push(portDevice)
    const isLearned = missingFamilies(device, addresses).length === 0
    if (isSameGuest(known, device) && isLearned === device.isLearned) continue
    begun.push([portDevice, { ...device, isLearned, isLate: false, since: now }])
  }
  if (begun.length === 0) return { state: after, changed }
  const isWaiting = begun.some(([, { isLearned }]) => !isLearned)
  const due = isWaiting ? Math.min(after.due ?? Number.POSITIVE_INFINITY, now + LEARN_LIMITS.late) : after.due
  return { state: { ...after, devices: table.withAll(after.devices, begun), due }, changed }
}

/** The devices of which something else is known, or asked, than before. */
function touched(before: LearnState, after: LearnState): readonly (readonly [string, LearningDevice])[] {
  const taught = table.differing(before.leases, after.leases)
  const asked = table.differing(before.devices, after.devices)
  return table.filter(
    after.devices,
    ({ request }) =>
      taught.has(request.key) ||
      (asked.has(request.portDevice) && table.get(before.devices, request.portDevice)?.request !== request),
  )
}

function isSameGuest(known: LearningDevice | undefined, { request }: LearningDevice): boolean {
  return known?.request.key === request.key && known.request.mac === request.mac
}

function textOf(addresses: readonly LearnedAddress[]): string {
  return addresses
    .map(({ address }) => address)
    .sort()
    .join(' ')
}
