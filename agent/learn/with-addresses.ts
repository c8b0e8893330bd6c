import { LEARN_LIMITS, type LearnedAddress, type LearnState } from './learn-state.ts'
import { table } from './table.ts'

type Change = (addresses: readonly LearnedAddress[]) => readonly LearnedAddress[]

/** Changes what is known of a guest; the state itself where that changes nothing. */
export function withAddresses(state: LearnState, key: string, change: Change): LearnState {
  const before = table.get(state.leases, key) ?? []
  const after = change(before)
  if (after.length === before.length && after.every((address, at) => address === before[at])) return state
  const leases = after.length === 0 ? table.without(state.leases, key) : table.with(state.leases, key, bounded(after))
  const ends = after.flatMap(({ expiresAt }) => (expiresAt === null ? [] : [Date.parse(expiresAt)]))
  const due = Math.min(state.due ?? Number.POSITIVE_INFINITY, ...ends)
  return { ...state, leases, due: Number.isFinite(due) ? due : null }
}

/** The first ones give way: addresses stand in the order in which they were last heard of. */
function bounded(addresses: readonly LearnedAddress[]): readonly LearnedAddress[] {
  const groups = Map.groupBy(addresses, groupOf)
  const limits = { ipv4: LEARN_LIMITS.ipv4, linkLocal: LEARN_LIMITS.linkLocal, ipv6: LEARN_LIMITS.ipv6 }
  const kept = new Set([...groups].flatMap(([group, members]) => members.slice(-limits[group])))
  return kept.size === addresses.length ? addresses : addresses.filter((address) => kept.has(address))
}

/** A link-local address is not pushed out by others: without it a guest has no IPv6 at all. */
function groupOf({ address, family }: LearnedAddress): 'ipv4' | 'ipv6' | 'linkLocal' {
  if (family === 'ipv4') return 'ipv4'
  return /^fe[89ab]/.test(address) ? 'linkLocal' : 'ipv6'
}
