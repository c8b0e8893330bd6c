import { report } from '../diagnostics/report.ts'
import type { RuleCheck } from './check.ts'

/** IP-layer rules of other chains than root stand behind those of all root filters. Spec 4.4.6. */
export const rulesBehindRoot: RuleCheck = (rule, filter, tool) => {
  if (tool === 'ebtables' || filter.chain === 'root') return undefined
  const message = `The chain ${filter.chain} has no meaning at the IP layer: libvirt puts this rule behind those of all root filters, whatever their priority.`
  const related = [{ source: filter.source, span: filter.chainSpan, message: 'the chain of this filter' }]
  return report('NWF329', filter.source, rule.actionSpan, message, { related })
}
