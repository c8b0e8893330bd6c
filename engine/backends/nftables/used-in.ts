import type { NftChain, NftSet } from './ruleset.ts'

/** Those sets that a rule of the chains looks into. */
export function usedIn(chains: readonly NftChain[], sets: readonly NftSet[]): readonly NftSet[] {
  const used = new Set(
    chains.flatMap(({ rules }) =>
      rules.flatMap(({ matches }) => matches.flatMap((match) => (match.kind === 'lookup' ? [match.set] : []))),
    ),
  )
  return sets.filter(({ name }) => used.has(name))
}
