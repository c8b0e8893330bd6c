import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Filter, Rule } from '../nwfilter/filter.ts'
import { protocols } from '../protocols/all-protocols.ts'
import type { Check, RuleCheck } from './check.ts'
import { connectionLimits } from './connection-limits.ts'
import { continueAtIpLayer } from './continue-at-ip-layer.ts'
import { discardedStates } from './discarded-states.ts'
import { emptyRanges } from './empty-ranges.ts'
import { hexadecimalVariables } from './hexadecimal-variables.ts'
import { icmpTypes } from './icmp-types.ts'
import { leakingMasks } from './leaking-masks.ts'
import { lostAttributes } from './lost-attributes.ts'
import { lostComments } from './lost-comments.ts'
import { misplacedIcmp } from './misplaced-icmp.ts'
import { misreadNumbers } from './misread-numbers.ts'
import { negatedSets } from './negated-sets.ts'
import { rangesBesideAddresses } from './ranges-beside-addresses.ts'
import { refusedByTool } from './refused-by-tool.ts'
import { reversedMacs } from './reversed-macs.ts'
import { rulesBehindRoot } from './rules-behind-root.ts'
import { silentRejects } from './silent-rejects.ts'
import { stpBothWays } from './stp-both-ways.ts'
import { unusedVariables } from './unused-variables.ts'
import { variableSetFlags } from './variable-set-flags.ts'

const CHECKS: readonly RuleCheck[] = [
  lostAttributes,
  rangesBesideAddresses,
  emptyRanges,
  silentRejects,
  continueAtIpLayer,
  rulesBehindRoot,
  unusedVariables,
  hexadecimalVariables,
  negatedSets,
  variableSetFlags,
  icmpTypes,
  discardedStates,
  misreadNumbers,
  leakingMasks,
  connectionLimits,
  reversedMacs,
  refusedByTool,
  misplacedIcmp,
  stpBothWays,
  lostComments,
]

/** Every check of every rule by itself, rule by rule. */
export const ruleChecks: Check = (filter) => {
  const found: Diagnostic[] = []
  for (const entry of filter.entries) if (entry.kind === 'rule') checkRule(entry, filter, found)
  return found
}

/** Every check of one rule; findings are added to `found`. */
export function checkRule(rule: Rule, filter: Filter, found: Diagnostic[] = []): Diagnostic[] {
  const tool = protocols.get(rule.protocol)?.backend.tool ?? 'ebtables'
  for (const check of CHECKS) {
    const said = check(rule, filter, tool)
    if (said === undefined) continue
    if ('code' in said) found.push(said)
    else found.push(...said)
  }
  return found
}
