import type { RuleInstance } from '../../instantiate/rule-instance.ts'
import { typeIn } from '../../nwfilter/decode-value.ts'
import type { Match } from '../../nwfilter/filter.ts'
import { protocols } from '../../protocols/all-protocols.ts'
import type { Slot } from './argument.ts'
import { printLiteral, type Style } from './print-literal.ts'

/** Literal values as numbers and addresses, variables as slots. */
export function printMatch(instance: RuleInstance, match: Match, style: Style = 'plain'): string | Slot {
  if (match.value.kind !== 'variable') return printLiteral(match.value, style)
  const { filter, rule, values } = instance
  const attribute = protocols.get(rule.protocol)?.byName.get(match.attribute)
  const source = values.get(match.attribute)
  if (attribute === undefined || source === undefined) return ''
  return {
    kind: 'slot',
    source,
    attribute: match.attribute,
    // The tool wants what is documented, whatever libvirt reads there.
    type: typeIn('strict', attribute),
    style,
    place: { filter: filter.name, source: filter.source, span: match.span },
  }
}
