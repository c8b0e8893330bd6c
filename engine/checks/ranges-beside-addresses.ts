import type { Fix } from '../diagnostics/diagnostic.ts'
import { report } from '../diagnostics/report.ts'
import { removalFix } from '../nwfilter/decode-context.ts'
import type { Match } from '../nwfilter/filter.ts'
import { matchOf, type RuleCheck } from './check.ts'

/** A range of addresses beside a single address: libvirt ignores the range. Spec 2.3. */
export const rangesBesideAddresses: RuleCheck = (rule, filter) =>
  !rule.matches.some(({ attribute }) => attribute.endsWith('ipfrom'))
    ? undefined
    : ['src', 'dst'].flatMap((end) => {
        const range = matchOf(rule, `${end}ipfrom`)
        if (range === undefined || matchOf(rule, `${end}ipaddr`) === undefined) return []
        const message = `libvirt ignores the range that begins here: ${end}ipaddr is given too.`
        const fixes = removeRange(range, matchOf(rule, `${end}ipto`))
        return [report('NWF354', filter.source, range.span, message, { fixes })]
      })

/** Start and end go together: where something may stand between them nothing is offered. */
function removeRange(from: Match, to: Match | undefined): readonly Fix[] {
  if (to === undefined) return removalFix({ name: from.attribute, span: from.attributeSpan })
  const [first, second] = [from.attributeSpan, to.attributeSpan].sort((a, b) => a.start - b.start)
  if (first === undefined || second === undefined || second.start - first.end !== 1) return []
  return removalFix({
    name: `${from.attribute} and ${to.attribute}`,
    span: { start: first.start, end: second.end },
  })
}
