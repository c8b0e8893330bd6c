import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { report } from '../diagnostics/report.ts'
import type { Filter, Match } from '../nwfilter/filter.ts'
import { matchOf, type RuleCheck } from './check.ts'

/** Numbers that ebtables takes for others: the protocol in a VLAN tag, and a DSCP. Spec 5.5. */
export const misreadNumbers: RuleCheck = (rule, filter) => {
  if (rule.protocol === 'vlan') return sayEncapsulated(matchOf(rule, 'encap-protocol'), filter)
  return rule.protocol === 'ip' ? sayDscp(matchOf(rule, 'dscp'), filter) : undefined
}

function sayEncapsulated(match: Match | undefined, filter: Filter): Diagnostic | undefined {
  if (match?.value.kind !== 'number') return undefined
  const { value } = match.value
  const message = `libvirt prints ${value}, which ebtables reads as 0x${value}: the rule does not match 0x${value.toString(16)}.`
  return report('NWF333', filter.source, match.span, message)
}

function sayDscp(match: Match | undefined, filter: Filter): Diagnostic | undefined {
  if (match === undefined) return undefined
  if (filter.dialect === 'strict') {
    if (!match.negated) return undefined
    const message =
      'ebtables compares the whole TOS byte and cannot match all but one DSCP: use a rule of the IP layer.'
    return report('NWF321', filter.source, match.span, message)
  }
  const message = 'libvirt compares the number with the whole TOS byte: the rule does not match this DSCP.'
  return report('NWF334', filter.source, match.span, message)
}
