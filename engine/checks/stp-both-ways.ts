import { report } from '../diagnostics/report.ts'
import { matchOf, type RuleCheck } from './check.ts'

/** libvirt takes a stp rule with srcmacaddr and inout, and refuses every NIC that uses it. Spec 5.5. */
export const stpBothWays: RuleCheck = (rule, filter) => {
  if (rule.protocol !== 'stp' || rule.direction !== 'inout') return undefined
  const source = matchOf(rule, 'srcmacaddr')
  if (source === undefined) return undefined
  const message =
    'libvirt takes this rule and refuses every NIC that uses it: STP filtering in inout direction with source MAC address set is not supported.'
  const fixes = ['in', 'out'].map((word) => ({ title: `Use ${word}`, span: rule.directionSpan, text: word }))
  const severity = filter.dialect === 'strict' ? 'error' : 'warning'
  return report('NWF321', filter.source, source.span, message, { severity, fixes })
}
