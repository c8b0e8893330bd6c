import type { HostDetail } from '../../server/api/host-detail.ts'

/** Whether healing is paused at a time in ms since the epoch. */
export function isPausedAt({ pausedUntil }: HostDetail['healing'], now: number): boolean {
  return pausedUntil !== null && now < Date.parse(pausedUntil)
}
