import { originOf } from '../../placement/origin-of.ts'
import type { Side } from '../../placement/placement.ts'
import type { NftCapabilities } from './capabilities.ts'
import { commentOf } from './comment-of.ts'
import type { Reading } from './lower-condition.ts'
import type { IpSets } from './lower-ipset.ts'
import { lowerTemplate } from './lower-template.ts'
import type { MarkBits } from './mark-bits.ts'
import { directionOf, hashOfRule, nameOf } from './names.ts'
import type { NicInput } from './nic-input.ts'
import type { Refusal } from './pieces.ts'
import type { ChainPlace, Template } from './plan-shape.ts'
import type { NftMatch, NftRule, NftStatement } from './ruleset.ts'
import { selectorOf } from './selector-of.ts'
import { separateNegations } from './separate-negations.ts'
import type { SetUse } from './set-use.ts'

/** What the chains of a group are lowered with. */
export type LoweringOptions = {
  readonly capabilities: NftCapabilities
  /** The sets that rules with `ipset` look into, by name. */
  readonly ipsets: IpSets
  /** In front of the names of counters: a NIC that is observed has its own. */
  readonly counterPrefix: string
  /** Every value stands in the text of its rule, none in a set. */
  readonly expand: boolean
}
/** What is the same for all rules of a group. The values that stand in the text of rules are those of the NIC. */
export type RuleContext = { readonly nic: NicInput; readonly marks: MarkBits; readonly options: LoweringOptions }
/** Kernel rules, and the sets they look into. */
type LoweredRule = { readonly rules: readonly NftRule[]; readonly uses: readonly SetUse[] }

/** A rule of a filter → the kernel rules that together match what it does, each with this statement. */
export function lowerRule(
  { nic, marks, options }: RuleContext,
  template: Template,
  statement: NftStatement,
): LoweredRule | Refusal {
  const { capabilities, counterPrefix, expand } = options
  const { place, instance } = template
  const { filter, rule } = instance
  const reading: Reading = {
    protocol: rule.protocol,
    dialect: filter.dialect,
    states: capabilities.bridgeConntrack ? 'bridge' : marks,
    ipsets: options.ipsets,
    version: place.layer === 'ethernet' ? undefined : place.layer,
  }
  const lowered = lowerTemplate(template, reading, nic, expand ? undefined : interfaceOf(place.side))
  if ('kind' in lowered) return lowered
  const origin = originOf(instance)
  const counter = `${counterPrefix}${nameOf(filter.name)}.${hashOfRule(rule)}-${directionOf(place.side)}`
  const comment = commentOf(`${filter.name}:${nic.lineOf(origin)}`, rule)
  const rules = lowered.rules.map((matches): NftRule => {
    const conditions = separateNegations(withoutKnown(matches, place))
    return { matches: conditions, counters: [counter], statement, comment, origins: [origin] }
  })
  return { uses: lowered.uses, rules }
}

function interfaceOf(side: Side): 'iifname' | 'oifname' {
  return side === 'from-guest' ? 'iifname' : 'oifname'
}

/** Without what the way into the chain, or the rule itself, has asked already. */
function withoutKnown(matches: readonly NftMatch[], place: ChainPlace): readonly NftMatch[] {
  const known = place.layer === 'ethernet' ? selectorOf(place.suffix) : undefined
  const said = new Set(known === undefined ? [] : [JSON.stringify(known)])
  return matches.filter((match) => {
    const text = JSON.stringify(match)
    return !said.has(text) && said.add(text)
  })
}
