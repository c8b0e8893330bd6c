import { printMatch } from '../../backends/nftables/print-match.ts'
import { printStatement } from '../../backends/nftables/print-rule.ts'
import type { NftChain, NftRule, NftStatement, NftTable } from '../../backends/nftables/ruleset.ts'
import { chainStep, placeOf, type RuleStep } from '../rule-step.ts'
import type { Places, TraceStep } from '../trace.ts'
import { compileMatch, type MatchPacket, type Sets } from './compile-match.ts'
import { compileSet, type Lookup } from './compile-set.ts'
import { type NftReader, readNftField } from './read-nft-field.ts'

/** A rule, ready to be asked. */
export type NftCompiledRule = {
  readonly matches: readonly MatchPacket[]
  readonly statement: NftStatement
  /** Of `vmap`. */
  readonly lookup: Lookup | undefined
  /** Of `limit`. */
  readonly key: readonly NftReader[]
  readonly step: RuleStep
}
/** A chain with its rules, and where it hangs. */
export type NftCompiledChain = Pick<NftChain, 'name' | 'base'> & {
  readonly entered: TraceStep
  readonly rules: readonly NftCompiledRule[]
}
/** The chains of a table, by name. */
export type NftCompiledTable = Pick<NftTable, 'family'> & { readonly chains: ReadonlyMap<string, NftCompiledChain> }

/** A table whose conditions are compiled to functions once. */
export function compileTable({ family, sets, chains }: NftTable, places: Places): NftCompiledTable {
  const bySet: Sets = new Map(sets.map((set) => [set.name, compileSet(set)]))
  return { family, chains: new Map(chains.map((chain) => [chain.name, compileChain(chain, bySet, places)])) }
}

function compileChain({ name, base, rules }: NftChain, sets: Sets, places: Places): NftCompiledChain {
  return { name, base, entered: chainStep(name), rules: rules.map((rule) => compileRule(name, rule, sets, places)) }
}

function compileRule(chain: string, rule: NftRule, sets: Sets, places: Places): NftCompiledRule {
  const { statement } = rule
  const target = printStatement(statement)
  return {
    matches: rule.matches.map((match) => compileMatch(match, sets)),
    statement,
    lookup: statement.kind === 'vmap' ? sets.get(statement.map)?.(statement.fields) : undefined,
    key: statement.kind === 'limit' ? statement.fields.map(readNftField) : [],
    step: {
      kind: 'rule',
      chain,
      text: [...rule.matches.map(printMatch), target].join(' '),
      target,
      places: rule.origins.map((origin) => placeOf(origin, places)),
    },
  }
}
