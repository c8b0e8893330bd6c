import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { report } from '../diagnostics/report.ts'
import { removalFix } from '../nwfilter/decode-context.ts'
import { protocols } from '../protocols/all-protocols.ts'
import { matchOf, type RuleCheck } from './check.ts'

/** Masks, ends of ranges and other completions without the attribute they belong to: libvirt takes and ignores them. Spec 2.2. */
export const lostAttributes: RuleCheck = (rule, filter) => {
  const byName = protocols.get(rule.protocol)?.byName
  let found: Diagnostic[] | undefined
  for (const match of rule.matches) {
    const owner = byName?.get(match.attribute)?.belongsTo
    if (owner === undefined || matchOf(rule, owner) !== undefined) continue
    const message = `${match.attribute} has no effect without ${owner}; libvirt ignores it.`
    const fixes = removalFix({ name: match.attribute, span: match.attributeSpan })
    found ??= []
    found.push(report('NWF315', filter.source, match.span, message, { fixes }))
  }
  return found
}
