import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Filter, Match, Rule } from '../nwfilter/filter.ts'
import { findIn } from '../nwfilter/found-matches.ts'

/** One check of a decoded filter; `others` are the filters it lives with, by name, without it. */
export type Check = (filter: Filter, others: ReadonlyMap<string, Filter>) => readonly Diagnostic[]

/** One check of a rule by itself; `tool` is where its commands go. Most rules pass every check, so it says nothing cheaply. */
export type RuleCheck = (rule: Rule, filter: Filter, tool: Tool) => Diagnostic | readonly Diagnostic[] | undefined
/** Where the commands of a rule go. */
export type Tool = 'ebtables' | 'iptables' | 'ip6tables'

/** The match of an attribute, if the rule has one. */
export function matchOf(rule: Rule, name: string): Match | undefined {
  return findIn(rule.matches, name)
}
