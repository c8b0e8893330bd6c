import { report } from '../diagnostics/report.ts'
import { removalFix } from '../nwfilter/decode-context.ts'
import { matchOf, type RuleCheck } from './check.ts'

/** A range of addresses beside a single address: libvirt ignores the range. Spec 2.3. */
export const rangesBesideAddresses: RuleCheck = (rule, filter) =>
  ['src', 'dst'].flatMap((end) => {
    const range = matchOf(rule, `${end}ipfrom`)
    if (range === undefined || matchOf(rule, `${end}ipaddr`) === undefined) return []
    const message = `libvirt ignores the range that begins here: ${end}ipaddr is given too.`
    const fixes = removalFix({ name: range.attribute, span: range.attributeSpan })
    return [report('NWF354', filter.source, range.span, message, { fixes })]
  })
