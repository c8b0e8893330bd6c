import { addressText } from './address-text.ts'
import { EMPTY_LEARN_STATE, type LearnedAddress, type LearnState } from './learn-state.ts'
import { table } from './table.ts'

const SOURCES = { dhcp: 'ipv4', 'first-packet': 'ipv4', 'neighbour-discovery': 'ipv6', dhcpv6: 'ipv6' } as const

/**
 * The state that an agent begins with: what `LearnState.leases` was when it was written, as JSON gives it back. One entry that
 * makes no sense does not cost the others. `now` is in ms since the epoch.
 */
export function restoreLeases(stored: unknown, now: number): LearnState {
  if (!isRecord(stored)) return EMPTY_LEARN_STATE
  const entries = Object.values(stored)
    .filter(isRecord)
    .flatMap((piece) => Object.entries(piece))
    .flatMap(([key, addresses]) => {
      const known = Array.isArray(addresses) ? addresses.filter(isAddress) : []
      return known.length === 0 ? [] : [[key, known] as const]
    })
  // What has ended meanwhile goes with the first event.
  return { ...EMPTY_LEARN_STATE, leases: table.from(entries), due: entries.length === 0 ? null : now }
}

function isAddress(value: unknown): value is LearnedAddress {
  if (!isRecord(value)) return false
  const { address, family, source, server, learnedAt, expiresAt } = value
  return (
    typeof address === 'string' &&
    addressText.canonical(address) === address &&
    typeof source === 'string' &&
    Object.hasOwn(SOURCES, source) &&
    SOURCES[source as keyof typeof SOURCES] === family &&
    address.includes(':') === (family === 'ipv6') &&
    (server === null || typeof server === 'string') &&
    isTime(learnedAt) &&
    (expiresAt === null || isTime(expiresAt))
  )
}

function isTime(value: unknown): value is string {
  return typeof value === 'string' && Number.isFinite(Date.parse(value))
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
