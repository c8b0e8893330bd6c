import type { Source } from '../diagnostics/diagnostic.ts'
import type { Span } from '../diagnostics/span.ts'
import type { RuleInstance, ValueSource } from '../instantiate/rule-instance.ts'
import { typeIn } from '../nwfilter/decode-value.ts'
import type { Match } from '../nwfilter/filter.ts'
import { protocols } from '../protocols/all-protocols.ts'
import type { AttributeValue, VariableAccess } from '../protocols/attribute-value.ts'
import type { AttributeType } from '../protocols/protocol.ts'

/** A place that each binding fills with a value of its own. */
export type Hole = {
  readonly kind: 'hole'
  readonly source: ValueSource
  readonly variable: VariableAccess
  readonly attribute: string
  readonly type: AttributeType
  /** The filter the variable stands in, and where. */
  readonly place: { readonly filter: string; readonly source: Source; readonly span: Span }
}

/** What a field is compared with: a value of the filter, or a hole. */
export type Operand = { readonly kind: 'literal'; readonly value: AttributeValue } | Hole

/** The operand of a match; undefined for a variable that libvirt does not substitute. */
export function operandOf(instance: RuleInstance, match: Match): Operand | undefined {
  if (match.value.kind !== 'variable') return { kind: 'literal', value: match.value }
  const { filter, rule, values } = instance
  const attribute = protocols.get(rule.protocol)?.byName.get(match.attribute)
  const source = values.get(match.attribute)
  if (attribute === undefined || source === undefined) return undefined
  return {
    kind: 'hole',
    source,
    variable: match.value,
    attribute: match.attribute,
    // The tool wants what is documented, whatever libvirt reads there.
    type: typeIn('strict', attribute),
    place: { filter: filter.name, source: filter.source, span: match.span },
  }
}
