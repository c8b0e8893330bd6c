import type { RuleInstance } from '../instantiate/rule-instance.ts'
import { protocols } from '../protocols/all-protocols.ts'
import type { AttributeValue } from '../protocols/attribute-value.ts'
import { ethertypes } from '../protocols/named-numbers.ts'
import { type PacketField, reverseField } from '../protocols/packet-field.ts'
import type { Attribute, EbtablesTerm } from '../protocols/protocol.ts'
import type { Condition, Test } from './condition.ts'
import { findMatch } from './find-match.ts'
import { type Operand, operandOf } from './operand.ts'
import type { PlacedRule } from './placement.ts'

/** The frames that are spoken of by an element. */
const ETHERTYPES: Readonly<Record<string, number | undefined>> = { ...ethertypes, ip: ethertypes.ipv4 }
/** Where the spanning tree protocol sends its frames. */
export const BRIDGE_GROUP = '01:80:c2:00:00:00'

/** A value of the filter, or of the protocol. */
export const literal = (value: AttributeValue): Operand => ({ kind: 'literal', value })
/** A number as an operand. */
const number = (value: number): Operand => literal({ kind: 'number', value, base: 10, name: undefined })
const equal = (field: PacketField, value: Operand, negated = false): Condition => {
  return { kind: 'compare', field, negated, test: { kind: 'equal', value } }
}

/** What a rule of the Ethernet layer asks of a frame, as ebtables reads libvirt's command. Spec 5.5. */
export function ethernetConditions({
  instance,
  reversed,
}: Pick<PlacedRule, 'instance' | 'reversed'>): readonly Condition[] {
  const protocol = protocols.get(instance.rule.protocol)
  if (protocol?.backend.tool !== 'ebtables') return []
  const terms = protocol.backend.terms.flatMap((name) => {
    const attribute = protocol.byName.get(name)
    return attribute?.ebtables === undefined ? [] : readTerm(instance, attribute, attribute.ebtables, reversed)
  })
  const isMac = (condition: Condition) => condition.kind === 'compare' && condition.field.startsWith('ether ')
  return protocol.name === 'mac'
    ? terms
    : [...terms.filter(isMac), ...selectorOf(protocol.name, terms), ...terms.filter((term) => !isMac(term))]
}

function selectorOf(protocol: string, terms: readonly Condition[]): readonly Condition[] {
  const type = ETHERTYPES[protocol]
  if (type !== undefined) return [equal('ether type', number(type))]
  const asksMessage = terms.some((term) => term.kind === 'compare' && term.field.startsWith('stp '))
  return [
    equal('ether daddr', literal({ kind: 'mac', text: BRIDGE_GROUP })),
    ...(asksMessage ? [{ kind: 'bpdu' as const }] : []),
  ]
}

function readTerm(
  instance: RuleInstance,
  attribute: Attribute,
  term: EbtablesTerm,
  reversed: boolean,
): readonly Condition[] {
  if (term.icmpv6) return readIcmpv6(instance)
  const match = findMatch(instance, attribute.name)
  if (match === undefined) return []
  const { negated } = match
  if (term.flag) {
    const value = match.value.kind === 'variable' ? match.shadowed : match.value
    return value?.kind === 'boolean' && value.value ? [{ kind: 'gratuitous', negated }] : []
  }
  const value = operandOf(instance, match)
  const { field } = attribute
  if (value === undefined || field === undefined) return []
  if (instance.filter.dialect === 'libvirt') {
    if (term.tos) return [equal('ip tos', value, negated)]
    if (term.hexInStrict) return [equal(field, misreadAsHex(value), negated)]
  }
  return [
    { kind: 'compare', field: reversed ? reverseField(field) : field, negated, test: readTest(instance, term, value) },
  ]
}

/** libvirt prints the number in decimal, and ebtables reads it as hexadecimal. */
function misreadAsHex(operand: Operand): Operand {
  if (operand.kind === 'hole' || operand.value.kind !== 'number') return operand
  return number(Number.parseInt(String(operand.value.value), 16))
}

function readTest(instance: RuleInstance, { mask, end }: EbtablesTerm, value: Operand): Test {
  const find = (name: string): Operand | undefined => {
    const match = findMatch(instance, name)
    return match && operandOf(instance, match)
  }
  const last = end === undefined ? undefined : find(end)
  if (last !== undefined) return { kind: 'range', first: value, last }
  if (mask === undefined) return { kind: 'equal', value }
  const { attribute, otherwise } = mask
  const leaks =
    instance.filter.dialect === 'libvirt' &&
    otherwise !== undefined &&
    findMatch(instance, otherwise.address) !== undefined
  const length = find(attribute) ?? (leaks ? find(otherwise.mask) : undefined)
  return length === undefined ? { kind: 'equal', value } : { kind: 'prefix', value, length }
}

/** A part that is not given spans everything, an end that is not given is the start. */
function readIcmpv6(instance: RuleInstance): readonly Condition[] {
  const find = (name: string): Operand | undefined => {
    const match = findMatch(instance, name)
    return match && operandOf(instance, match)
  }
  const part = (start: string, end: string): readonly [Operand, Operand] => {
    const [first, last] = [find(start), find(end)]
    if (first === undefined && last === undefined) return [number(0), number(255)]
    const from = first ?? number(0)
    return [from, last ?? from]
  }
  if (!['type', 'typeend', 'code', 'codeend'].some((name) => findMatch(instance, name) !== undefined)) return []
  const negated = findMatch(instance, 'type')?.negated ?? false
  return [{ kind: 'icmpv6-ranges', type: part('type', 'typeend'), code: part('code', 'codeend'), negated }]
}
