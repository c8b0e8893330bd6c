import type { LearnedAddress, LearningDevice, LearnState } from './learn-state.ts'
import { table } from './table.ts'

/** What is known of the guest behind a device, of the families that are learned for it. */
export function shownAddresses({ leases }: LearnState, { request }: LearningDevice): readonly LearnedAddress[] {
  return (table.get(leases, request.key) ?? []).filter(({ family }) => request[family] !== 'none')
}
