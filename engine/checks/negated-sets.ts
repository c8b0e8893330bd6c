import { report } from '../diagnostics/report.ts'
import { matchOf, type RuleCheck } from './check.ts'

/** `match='no'` on an ipset is printed back and not installed. Spec 2.3. */
export const negatedSets: RuleCheck = (rule, filter) => {
  const set = matchOf(rule, 'ipset')
  if (set === undefined || !set.negated) return undefined
  const message = `libvirt ignores the negation of the set: the rule matches its members.`
  return report('NWF325', filter.source, set.span, message)
}
