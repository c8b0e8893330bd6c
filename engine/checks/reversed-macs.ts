import type { Diagnostic, Fix } from '../diagnostics/diagnostic.ts'
import { report } from '../diagnostics/report.ts'
import type { Filter, Match, Rule } from '../nwfilter/filter.ts'
import { IP_TERMS } from '../protocols/ip-terms.ts'
import { matchOf, type RuleCheck } from './check.ts'

/** iptables knows the MAC of the sender only: in reversed commands libvirt leaves it out. Spec 5.6. */
export const reversedMacs: RuleCheck = (rule, filter, tool) => {
  if (tool === 'ebtables') return undefined
  const mac = matchOf(rule, 'srcmacaddr')
  if (mac === undefined) return undefined
  if (rule.direction === 'inout') return sayBothWays(rule, filter, mac)
  if (isTracked(rule) || !hasReversed(rule)) return undefined
  const message = `libvirt installs the rule for the other direction too, there without this address.`
  return report('NWF345', filter.source, mac.span, message)
}

function sayBothWays(rule: Rule, filter: Filter, mac: Match): Diagnostic | undefined {
  // Of an ICMP type or a limit libvirt makes no reversed command anyway, which is told by itself.
  if (filter.dialect === 'libvirt' && isOneWay(rule)) return undefined
  const message = hasOthers(rule)
    ? 'From the guest libvirt leaves this address out: there the rule matches everybody.'
    : 'From the guest this address cannot be matched: there libvirt leaves out the rule.'
  // One direction is no help where the reversed command would still be made.
  const fixes = hasReversed({ ...rule, direction: 'in' }) && !isTracked(rule) ? [] : oneWay(rule)
  return report('NWF344', filter.source, mac.span, message, { fixes })
}

/** The reversed command is for replies alone. */
function isTracked({ action, statematch }: Rule): boolean {
  return action === 'accept' && statematch
}

function oneWay({ directionSpan }: Rule): readonly Fix[] {
  return ['in', 'out'].map((word) => ({ title: `Use ${word}`, span: directionSpan, text: word }))
}

/** libvirt keeps a reversed command that still matches something, unless it counts connections or has an ICMP type or states. */
function hasReversed(rule: Rule): boolean {
  return !isOneWay(rule) && !(rule.statematch && rule.states.length > 0) && hasOthers(rule)
}

function isOneWay(rule: Rule): boolean {
  return ['connlimit-above', 'type'].some((name) => matchOf(rule, name) !== undefined)
}

function hasOthers(rule: Rule): boolean {
  return IP_TERMS.some((name) => matchOf(rule, name) !== undefined)
}
