import { report } from '../diagnostics/report.ts'
import { matchOf, type RuleCheck } from './check.ts'

/** A comment of an Ethernet-layer rule stays in the filter. Spec 5.5. */
export const lostComments: RuleCheck = (rule, filter, tool) => {
  if (tool !== 'ebtables') return undefined
  const comment = matchOf(rule, 'comment')
  if (comment === undefined || comment.value.kind === 'variable') return undefined
  return report(
    'NWF359',
    filter.source,
    comment.span,
    'libvirt does not give this comment to ebtables; it stays in the filter.',
  )
}
