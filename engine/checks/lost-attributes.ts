import { report } from '../diagnostics/report.ts'
import { removalFix } from '../nwfilter/decode-context.ts'
import { protocols } from '../protocols/all-protocols.ts'
import { matchOf, type RuleCheck } from './check.ts'

/** Masks, ends of ranges and other completions without the attribute they belong to: libvirt takes and ignores them. Spec 2.2. */
export const lostAttributes: RuleCheck = (rule, filter) =>
  rule.matches.flatMap((match) => {
    const owner = protocols.get(rule.protocol)?.byName.get(match.attribute)?.belongsTo
    if (owner === undefined || matchOf(rule, owner) !== undefined) return []
    const message = `${match.attribute} has no effect without ${owner}; libvirt ignores it.`
    const fixes = removalFix({ name: match.attribute, span: match.attributeSpan })
    return [report('NWF315', filter.source, match.span, message, { fixes })]
  })
