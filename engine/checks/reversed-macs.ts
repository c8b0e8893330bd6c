import type { Fix } from '../diagnostics/diagnostic.ts'
import { report } from '../diagnostics/report.ts'
import type { Rule } from '../nwfilter/filter.ts'
import { matchOf, type RuleCheck } from './check.ts'

/** What the reversed command still matches, besides the MAC. */
const OTHERS = [
  'srcipaddr',
  'srcipfrom',
  'dstipaddr',
  'dstipfrom',
  'dscp',
  'flags',
  'option',
  'srcportstart',
  'dstportstart',
]

/** iptables knows the MAC of the sender only: in reversed commands libvirt leaves it out. Spec 5.6. */
export const reversedMacs: RuleCheck = (rule, filter, tool) => {
  if (tool === 'ebtables') return undefined
  const mac = matchOf(rule, 'srcmacaddr')
  if (mac === undefined || !hasReversed(rule)) return undefined
  if (rule.direction === 'inout') {
    const message = 'From the guest libvirt leaves this address out: there the rule matches everybody.'
    // One direction is no help where the reversed command would still be made.
    const fixes = hasReversed({ ...rule, direction: 'in' }) && !isTracked(rule) ? [] : oneWay(rule)
    return report('NWF344', filter.source, mac.span, message, { fixes })
  }
  if (isTracked(rule)) return undefined
  const message = `libvirt installs the rule for the other direction too, there without this address.`
  return report('NWF345', filter.source, mac.span, message)
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
  const isOneWay = ['connlimit-above', 'type'].some((name) => matchOf(rule, name) !== undefined)
  if (isOneWay) return false
  if (rule.direction !== 'inout' && rule.statematch && rule.states.length > 0) return false
  if (rule.direction === 'inout') return true
  return OTHERS.some((name) => matchOf(rule, name) !== undefined)
}
