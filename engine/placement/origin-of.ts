import type { RuleInstance } from '../instantiate/rule-instance.ts'
import type { Origin } from './placement.ts'

/** The place in a filter that an instance comes from. */
export function originOf({ filter, rule, entry }: RuleInstance): Origin {
  return { filter: filter.name, source: filter.source, entry, span: rule.span }
}
