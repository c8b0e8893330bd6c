import type { Filter, Parameters, Rule } from '../nwfilter/filter.ts'

/** Where a variable's text comes from: the binding's parameter, by place in its list, or the filterref on the way to the rule. */
export type ValueSource =
  | { readonly kind: 'parameter'; readonly name: string; readonly index: number }
  | { readonly kind: 'text'; readonly text: string }

/** The text of a value for a binding with these parameters. */
export function textOfValue(source: ValueSource, parameters: Parameters): string {
  return source.kind === 'text' ? source.text : (parameters.get(source.name)?.[source.index] ?? '')
}

/**
 * One rule of one filter for one combination of variable values: the intermediate representation that every backend lowers.
 * Stands in the order in which libvirt emits (spec 4.4): rules of the Ethernet layer, then those of the IP layer. It names
 * values and does not hold them, so that bindings of one shape share their instances.
 */
export type RuleInstance = {
  readonly kind: 'rule-instance'
  readonly filter: Filter
  readonly rule: Rule
  /** Where the rule stands among the entries of its filter, from 0. */
  readonly entry: number
  /** Priority after the adjustment to the chain's (spec 4.4.2). */
  readonly rulePriority: number
  /** Where the text of each attribute that is a variable comes from, by attribute name. */
  readonly values: ReadonlyMap<string, ValueSource>
}
