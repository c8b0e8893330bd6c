import type { Condition } from '../../placement/condition.ts'
import type { Operand } from '../../placement/operand.ts'
import type { AttributeValue } from '../../protocols/attribute-value.ts'
import { fieldInfo, type NftField } from './nft-field.ts'
import { bitsOfValue, lengthOfMask, spanOfPrefix, writeBits, writeRange, writeValue } from './nft-value.ts'
import { type Alternatives, NEVER, one, type Refusal, refuse } from './pieces.ts'
import type { NftMatch } from './ruleset.ts'

type Compare = Extract<Condition, { kind: 'compare' }>

/** A comparison of one field; one with a variable stays a hole. Values that do not fit the field are refused. */
export function lowerCompare(field: NftField, { negated, test }: Compare): Alternatives | Refusal {
  const operands = operandsOf(test)
  if (operands.some(({ kind }) => kind === 'hole')) return one({ kind: 'hole', field, negated, test })
  const values = operands.flatMap((operand) => (operand.kind === 'literal' ? [operand.value] : []))
  const [value, other] = values
  if (value === undefined) return refuse('NWF362', 'a value is missing')
  if (test.kind === 'prefix' && other !== undefined) return lowerPrefix(field, value, other, negated)
  const text = test.kind === 'range' && other !== undefined ? writeRange(field, value, other) : writeValue(field, value)
  const op = negated ? '!=' : '=='
  if (text === undefined)
    return test.kind === 'range'
      ? refuse('NWF353', 'the range is empty')
      : refuse('NWF362', `the value does not fit into the ${fieldInfo(field).bits} bits of ${field}`)
  return one({ kind: 'compare', field, op, value: text })
}

/** The operands of a test, in the order they are written. */
export function operandsOf(test: Compare['test']): readonly Operand[] {
  if (test.kind === 'equal') return [test.value]
  return test.kind === 'prefix' ? [test.value, test.length] : [test.first, test.last]
}

function lowerPrefix(
  field: NftField,
  value: AttributeValue,
  mask: AttributeValue,
  negated: boolean,
): Alternatives | Refusal {
  const { bits: width, writes } = fieldInfo(field)
  const [bits, length] = [bitsOfValue(value), lengthOfMask(mask)]
  if (bits === undefined || length === undefined || length > width) return refuse('NWF362', 'the mask does not fit')
  if (length === 0) return negated ? NEVER : one()
  const op = negated ? '!=' : '=='
  const [first] = spanOfPrefix(bits, width, length)
  const address = writeBits(field, length === width ? bits : first)
  if (address === undefined) return refuse('NWF362', `the value does not fit into ${field}`)
  if (length === width) return one({ kind: 'compare', field, op, value: address })
  const hasPrefixes = writes === 'ipv4' || writes === 'ipv6'
  const match: NftMatch = hasPrefixes
    ? { kind: 'compare', field, op, value: { kind: 'prefix', address, length } }
    : { kind: 'masked', field, op, mask: writeMask(field, width, length), value: address }
  return one(match)
}

function writeMask(field: NftField, width: number, length: number): string {
  const [, ones] = [0n, ((1n << BigInt(length)) - 1n) << BigInt(width - length)]
  return writeBits(field, ones) ?? ''
}
