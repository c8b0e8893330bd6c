import type { LearnedAddress, LearnState } from './learn-state.ts'
import { withAddresses } from './with-addresses.ts'

/** A lease as the server gives it; the lifetime in seconds from now, all ones for ever. */
export type GivenLease = Pick<LearnedAddress, 'address' | 'server'> & {
  readonly source: 'dhcp' | 'dhcpv6'
  readonly lifetime: number
}

const FOR_EVER = 0xffffffff

/**
 * Adds leases to what is known of a guest. An address it has is extended, never shortened; one more stands beside the others until
 * they end, whatever question was answered: a server gives nobody else an address before its lease has ended, and a guest may hold
 * several (its boot ROM and its system ask as two clients). An address that the guest chose itself gives way to a lease.
 */
export function addLeases(state: LearnState, key: string, given: readonly GivenLease[], now: number): LearnState {
  return withAddresses(state, key, (addresses) => given.reduce((all, lease) => add(all, lease, now), addresses))
}

function add(
  addresses: readonly LearnedAddress[],
  { address, server, source, lifetime }: GivenLease,
  now: number,
): readonly LearnedAddress[] {
  const gives = (one: LearnedAddress) => one.address === address || (source === 'dhcp' && one.source === 'first-packet')
  const others = addresses.filter((one) => !gives(one))
  const family = source === 'dhcp' ? 'ipv4' : 'ipv6'
  // A lease of no time is one that has ended. RFC 8415 18.2.10.1.
  if (lifetime === 0) return family === 'ipv6' ? others : addresses
  const known = addresses.find((one) => one.source === source && one.address === address)
  const end = lifetime === FOR_EVER ? null : new Date(now + lifetime * 1000).toISOString()
  const lease: LearnedAddress = {
    address,
    family,
    source,
    server,
    learnedAt: known?.learnedAt ?? new Date(now).toISOString(),
    expiresAt: known === undefined ? end : laterOf(known.expiresAt, end),
  }
  return [...others, lease]
}

/** Both are of one form, so that their order as text is that in time. */
function laterOf(a: string | null, b: string | null): string | null {
  if (a === null || b === null) return null
  return a > b ? a : b
}
