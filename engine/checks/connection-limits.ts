import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { report } from '../diagnostics/report.ts'
import { matchOf, type RuleCheck } from './check.ts'

/** A limit on connections switches state matching off, and counts one direction only. Spec 5.7, 5.8. */
export const connectionLimits: RuleCheck = (rule, filter, tool) => {
  if (tool === 'ebtables') return undefined
  const limit = matchOf(rule, 'connlimit-above')
  if (limit === undefined) return undefined
  const found: Diagnostic[] = []
  if (rule.action === 'accept') {
    const message = 'With connlimit-above libvirt leaves out state matching: packets of every state are accepted.'
    found.push(report('NWF336', filter.source, limit.span, message))
  }
  if (rule.direction === 'inout') {
    const message = 'libvirt limits connections to the guest only; those from the guest are not counted.'
    const fixes = ['in', 'out'].map((word) => ({ title: `Use ${word}`, span: rule.directionSpan, text: word }))
    found.push(report('NWF337', filter.source, limit.span, message, { fixes }))
  }
  return found
}
