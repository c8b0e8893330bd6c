import type { RuleInstance } from '../instantiate/rule-instance.ts'
import type { Match } from '../nwfilter/filter.ts'
import { findIn } from '../nwfilter/found-matches.ts'

/** The match of an attribute, if the rule has one. */
export function findMatch(instance: RuleInstance, name: string): Match | undefined {
  return findIn(instance.rule.matches, name)
}
