import type { Dialect } from '../dialects/dialect.ts'
import { textOfValue } from '../instantiate/rule-instance.ts'
import type { Parameters } from '../nwfilter/filter.ts'
import type { AttributeValue } from '../protocols/attribute-value.ts'
import type { Operand } from './operand.ts'

/** Attributes whose text ebtables reads as hexadecimal, with or without `0x`. */
const READ_AS_HEX = new Set(['protocolid', 'encap-protocol', 'protocoltype'])

/**
 * The value of an operand for one binding; undefined where the text is none. strict reads the text as the attribute would;
 * libvirt passes it on, so it means what the tool reads. Spec 3.2.
 */
export function resolveOperand(operand: Operand, parameters: Parameters, dialect: Dialect): AttributeValue | undefined {
  if (operand.kind === 'literal') return operand.value
  const text = textOfValue(operand.source, parameters)
  const { type, attribute } = operand
  if (dialect === 'strict') return type.parse(text)
  if (type.surprise?.(text) !== undefined) return undefined
  if (READ_AS_HEX.has(attribute) && /^(?:0x)?[0-9a-f]+$/i.test(text)) return type.parse(`0x${text.replace(/^0x/i, '')}`)
  const value = type.parse(text)
  // Tools disagree about a leading zero, a sign and hexadecimal digits without 0x.
  if (
    value?.kind === 'number' &&
    value.name?.toLowerCase() !== text.toLowerCase() &&
    !/^(?:0|[1-9]\d*|0x[0-9a-f]+)$/i.test(text)
  )
    return undefined
  return value
}
