import { LEARN_LIMITS, type LearnedAddress, type LearningDevice, type LearnState } from './learn-state.ts'
import { missingFamilies } from './missing-families.ts'
import { shownAddresses } from './shown-addresses.ts'
import { table } from './table.ts'

/** What an admin sees of learning at a device. */
export type LearningView = {
  /** `late`: at the last tick it had waited for a minute. `off`: nothing is learned for it. */
  readonly status: 'learned' | 'waiting' | 'late' | 'off'
  /** Since when it waits, or has what it waited for; ISO 8601. */
  readonly since: string | null
  readonly addresses: readonly LearnedAddress[]
  /** Frames beyond the limit that the guest, or somebody in its place, was held to. */
  readonly ignored: number
  readonly note: string | null
}

const OFF: LearningView = { status: 'off', since: null, addresses: [], ignored: 0, note: null }
const FAMILY = { ipv4: 'IPv4', ipv6: 'IPv6' } as const

/** What is known of a device at a time in ms since the epoch. A device waits as long as one of its families has no address. */
export function learningView(state: LearnState, portDevice: string, now: number): LearningView {
  const device = table.get(state.devices, portDevice)
  if (device === undefined || (device.request.ipv4 === 'none' && device.request.ipv6 === 'none')) return OFF
  const { isLate, since, ignored, refusal } = device
  const addresses = shownAddresses(state, device).filter(
    ({ expiresAt }) => expiresAt === null || Date.parse(expiresAt) > now,
  )
  const missing = missingFamilies(device, addresses)
  const status = missing.length === 0 ? 'learned' : isLate ? 'late' : 'waiting'
  const words = [status === 'late' ? lateNote(device, missing) : null, refusal].filter((word) => word !== null)
  const note = words.length === 0 ? null : words.join(' ')
  return { status, since: new Date(since).toISOString(), addresses, ignored, note }
}

function lateNote({ request }: LearningDevice, missing: readonly LearnedAddress['family'][]): string {
  const families = missing.map((family) => FAMILY[family]).join(' and no ')
  const waits = missing.every((family) => request[family] === 'dhcp')
    ? 'as soon as a server gives it a lease'
    : 'as soon as it speaks'
  const seconds = LEARN_LIMITS.late / 1000
  return `No ${families} address after ${seconds} s. The guest stays under the temporary rules; its address is learned ${waits}.`
}
