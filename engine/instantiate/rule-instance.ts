import type { Filter, Rule } from '../nwfilter/filter.ts'

/** A value that takes the place of an attribute: the author's, or the text of a variable. */
type ResolvedText = string

/**
 * One rule of one filter for one port device and one combination of variable values: the intermediate representation that
 * every backend lowers. Stands in the order in which libvirt emits (spec 4.4).
 */
export type RuleInstance = {
  readonly kind: 'rule-instance'
  readonly portDevice: string
  readonly filter: Filter
  readonly rule: Rule
  /** Where the rule stands among the entries of its filter, from 0. */
  readonly entry: number
  /** Priority after the adjustment to the chain's (spec 4.4.2). */
  readonly rulePriority: number
  /** Text for each attribute that is a variable, by attribute name. */
  readonly values: ReadonlyMap<string, ResolvedText>
}
