import type { NftChain, NftCounter } from './ruleset.ts'

/** The counters that rules of these chains raise, with the comment of the first that does. */
export function countersOf(chains: readonly NftChain[]): readonly NftCounter[] {
  const counters = new Map<string, NftCounter>()
  for (const { rules } of chains)
    for (const { counters: names, comment = '' } of rules)
      for (const name of names) if (!counters.has(name)) counters.set(name, { name, comment })
  return [...counters.values()]
}
