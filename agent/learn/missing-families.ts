import type { LearnedAddress, LearningDevice } from './learn-state.ts'

/** The families that a device waits for, with these addresses. */
export function missingFamilies(
  { request }: LearningDevice,
  addresses: readonly LearnedAddress[],
): readonly LearnedAddress['family'][] {
  return (['ipv4', 'ipv6'] as const).filter(
    (family) => request[family] !== 'none' && !addresses.some((address) => address.family === family),
  )
}
