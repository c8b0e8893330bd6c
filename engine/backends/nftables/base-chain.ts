import type { NftChain, NftMatch, NftRule, NftStatement } from './ruleset.ts'

/** A chain that the kernel calls. */
export function base(name: string, hook: string, priority: number, rules: readonly NftRule[]): NftChain {
  return { name, base: { hook, priority }, comment: undefined, rules }
}

/** A rule that belongs to no filter. */
export function rule(matches: readonly NftMatch[], statement: NftStatement, comment?: string): NftRule {
  return { matches, counters: [], statement, comment, origins: [] }
}
