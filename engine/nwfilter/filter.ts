import type { Source } from '../diagnostics/diagnostic.ts'
import type { Span } from '../diagnostics/span.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { AttributeValue, VariableAccess } from '../protocols/attribute-value.ts'
import type { ProtocolName } from '../protocols/protocol.ts'

/** What a rule does with what it matches. Spec 1.3. */
export type Action = 'accept' | 'drop' | 'reject' | 'return' | 'continue'
/** The guest's view: `in` goes to the guest, `out` comes from it. */
export type Direction = 'in' | 'out' | 'inout'

/** One attribute of a rule's protocol element, decoded. */
export type Match = {
  readonly attribute: string
  readonly value: AttributeValue
  readonly negated: boolean
  /** What an earlier element of the rule said before a variable took its place: libvirt still reads it where it substitutes nothing. */
  readonly shadowed: AttributeValue | undefined
  /** The value, without quotes. */
  readonly span: Span
  /** The whole attribute. */
  readonly attributeSpan: Span
}

/** A variable access of a rule and the first value it stands in. */
export type RuleVariable = { readonly access: VariableAccess; readonly span: Span }

/** A `<rule>`; `matches` stand in the order of the protocol's table, which is libvirt's printing order. Spec 1.3, 1.4. */
export type Rule = {
  readonly kind: 'rule'
  readonly action: Action
  readonly direction: Direction
  readonly rulePriority: number
  readonly statematch: boolean
  readonly protocol: ProtocolName | 'none'
  readonly matches: readonly Match[]
  /** Every distinct variable access in the order libvirt met them: the odometer's order. Spec 3.4. */
  readonly variables: readonly RuleVariable[]
  /** The connection states of all elements together, in libvirt's order; `NONE` alone once it was named anywhere. Empty: no state. */
  readonly states: readonly string[]
  readonly actionSpan: Span
  readonly directionSpan: Span
  readonly span: Span
}

/** A `<filterref>`: parameters in document order, a repeated name makes a list. Spec 1.5. */
export type FilterRef = {
  readonly kind: 'filterref'
  readonly filter: string
  readonly filterSpan: Span
  readonly parameters: Parameters
  /** The first name attribute of each. */
  readonly parameterSpans: ReadonlyMap<string, Span>
  /** Every value of each, in the order of its list. */
  readonly parameterValueSpans: ReadonlyMap<string, readonly Span[]>
  readonly span: Span
}

/** Parameter values by name, each an ordered list with duplicates kept. */
export type Parameters = ReadonlyMap<string, readonly string[]>

/** A `<filter>`, decoded. Spec 1.1, 1.2. */
export type Filter = {
  readonly kind: 'filter'
  /** The dialect the text was read in: what libvirt erases is gone in `libvirt` and there in `strict`. */
  readonly dialect: Dialect
  readonly name: string
  readonly uuid: string | undefined
  readonly uuidSpan: Span | undefined
  readonly chain: string
  readonly chainPriority: number
  readonly entries: readonly (Rule | FilterRef)[]
  readonly source: Source
  readonly nameSpan: Span
  /** The chain's name; that of the filter where none is given. */
  readonly chainSpan: Span
  readonly span: Span
}
