import { report } from '../diagnostics/report.ts'
import type { RuleCheck } from './check.ts'

/** `continue` becomes the target CONTINUE, which iptables does not have. Spec 5.6. */
export const continueAtIpLayer: RuleCheck = (rule, filter, tool) => {
  if (rule.action !== 'continue' || tool === 'ebtables') return undefined
  const message = `${tool} has no target CONTINUE: the command of this rule fails when the NIC is started.`
  const fixes = [{ title: 'Remove the rule', span: rule.span, text: '' }]
  return report('NWF332', filter.source, rule.actionSpan, message, { fixes })
}
