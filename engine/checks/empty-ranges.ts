import type { Diagnostic, Fix } from '../diagnostics/diagnostic.ts'
import { report } from '../diagnostics/report.ts'
import type { Match } from '../nwfilter/filter.ts'
import type { AttributeValue } from '../protocols/attribute-value.ts'
import { compareAddresses } from '../protocols/ip-address.ts'
import { matchOf, type RuleCheck } from './check.ts'

/** The start of each range of the language whose order matters, by its end. */
const STARTS: ReadonlyMap<string, string> = new Map([
  ['srcportend', 'srcportstart'],
  ['dstportend', 'dstportstart'],
  ['srcipto', 'srcipfrom'],
  ['dstipto', 'dstipfrom'],
  ['typeend', 'type'],
  ['codeend', 'code'],
])

/** A range whose start is greater than its end: libvirt hands it to the tool as it is. Spec 2.3. */
export const emptyRanges: RuleCheck = (rule, filter) => {
  let found: Diagnostic[] | undefined
  for (const end of rule.matches) {
    const start = startOf(end.attribute)
    const first = start === undefined ? undefined : matchOf(rule, start)
    if (first === undefined || !isGreater(first.value, end.value)) continue
    const message = `The range is empty: ${first.attribute} is greater than ${end.attribute}.`
    const fixes = [...swapped(first, end), ...sameAsStart(end, first)]
    found ??= []
    found.push(report('NWF353', filter.source, end.span, message, { fixes }))
  }
  return found
}

function startOf(attribute: string): string | undefined {
  if (attribute.endsWith('-hi')) return attribute.slice(0, -'-hi'.length)
  return STARTS.get(attribute)
}

function isGreater(start: AttributeValue, end: AttributeValue): boolean {
  if (start.kind === 'number' && end.kind === 'number') return start.value > end.value
  if ((start.kind === 'ipv4' || start.kind === 'ipv6') && start.kind === end.kind)
    return compareAddresses(start.text, end.text) > 0
  return false
}

/** One edit can swap two attributes that stand side by side. */
function swapped(start: Match, end: Match): readonly Fix[] {
  const [low, high] = [textOf(end.value), textOf(start.value)]
  if (low === undefined || high === undefined || end.attributeSpan.start - start.attributeSpan.end !== 1) return []
  const span = { start: start.attributeSpan.start, end: end.attributeSpan.end }
  const text = `${start.attribute}='${low}' ${end.attribute}='${high}'`
  return [{ title: `Swap ${start.attribute} and ${end.attribute}`, span, text }]
}

function sameAsStart(end: Match, { value }: Match): readonly Fix[] {
  const text = textOf(value)
  return text === undefined ? [] : [{ title: `End at ${text}`, span: end.span, text }]
}

function textOf(value: AttributeValue): string | undefined {
  return value.kind === 'number' ? String(value.value) : 'text' in value ? value.text : undefined
}
