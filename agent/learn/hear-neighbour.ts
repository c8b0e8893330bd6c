import { LEARN_LIMITS, type LearnedAddress, type LearningDevice, type LearnState } from './learn-state.ts'
import type { NeighbourMessage } from './parse-neighbour.ts'
import { table } from './table.ts'
import { withAddresses } from './with-addresses.ts'

/**
 * An IPv6 address that a guest says is its own, where it may choose. A guest that has been running before it was learned for is
 * known by the answers it gives to its router, so those count like what it says by itself.
 */
export function hearNeighbour(
  state: LearnState,
  { request }: LearningDevice,
  said: NeighbourMessage,
  now: number,
): ((state: LearnState) => LearnState) | undefined {
  const { target } = said
  if (request.ipv6 !== 'any' || (said.mac !== null && said.mac !== request.mac)) return undefined
  const all = table.get(state.leases, request.key) ?? []
  const known = all.find(({ address }) => address === target)
  // In which order they were heard of matters where one has to give way.
  if (known !== undefined && all.length < LEARN_LIMITS.ipv6) return undefined
  const learned: LearnedAddress = known ?? {
    address: target,
    family: 'ipv6',
    source: 'neighbour-discovery',
    server: null,
    learnedAt: new Date(now).toISOString(),
    expiresAt: null,
  }
  return (state) =>
    withAddresses(state, request.key, (addresses) => [
      ...addresses.filter(({ address }) => address !== target),
      learned,
    ])
}
