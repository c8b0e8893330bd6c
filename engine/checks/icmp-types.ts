import { report } from '../diagnostics/report.ts'
import { matchOf, type RuleCheck } from './check.ts'

/** An ICMP type makes commands for one direction only, and none at all for inout. Spec 5.9. */
export const icmpTypes: RuleCheck = (rule, filter, tool) => {
  if (tool === 'ebtables') return undefined
  const type = matchOf(rule, 'type')
  if (type === undefined) return undefined
  if (rule.direction !== 'inout') {
    if (rule.action !== 'accept') return undefined
    const message = 'The answer has another type: libvirt makes no rule for it.'
    return report('NWF356', filter.source, type.span, message)
  }
  const message = 'libvirt drops this rule: with an ICMP type and direction inout it makes no command at all.'
  const fixes = ['in', 'out'].map((word) => ({ title: `Use ${word}`, span: rule.directionSpan, text: word }))
  return report('NWF328', filter.source, type.span, message, { fixes })
}
