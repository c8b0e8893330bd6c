import { report } from '../diagnostics/report.ts'
import type { RuleCheck } from './check.ts'

/** `reject` at the Ethernet layer drops without an answer. Spec 5.5. */
export const silentRejects: RuleCheck = (rule, filter, tool) => {
  if (rule.action !== 'reject' || tool !== 'ebtables') return undefined
  const message = 'At the Ethernet layer libvirt turns this reject into a drop: the sender gets no answer.'
  const fixes = [{ title: 'Use drop', span: rule.actionSpan, text: 'drop' }]
  return report('NWF316', filter.source, rule.actionSpan, message, { fixes })
}
