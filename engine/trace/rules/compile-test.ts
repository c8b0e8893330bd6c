import type { Test } from '../../placement/condition.ts'
import type { Operand } from '../../placement/operand.ts'
import type { AttributeValue } from '../../protocols/attribute-value.ts'
import { addressNumber, macNumber } from '../frame/address-number.ts'

/** The value of an operand for the binding; undefined where its text is none. */
export type Resolve = (operand: Operand) => AttributeValue | undefined
type Value = number | bigint

/** What a field has to be; undefined where a value of the test is none. */
export function compileTest(test: Test, resolve: Resolve): ((value: Value) => boolean) | undefined {
  if (test.kind === 'range') {
    const [first, last] = [numberOf(resolve(test.first)), numberOf(resolve(test.last))]
    return first === undefined || last === undefined ? undefined : (value) => value >= first && value <= last
  }
  const wanted = resolve(test.value)
  const number = numberOf(wanted)
  if (number === undefined || wanted === undefined) return undefined
  if (test.kind === 'equal') return (value) => value === number
  const length = lengthOf(resolve(test.length))
  return length === undefined ? undefined : inPrefix(number, length, bitsOf(wanted))
}

/** A value as its field is read. */
export function numberOf(value: AttributeValue | undefined): Value | undefined {
  switch (value?.kind) {
    case 'number':
      return value.value
    case 'mac':
      return macNumber(value.text)
    case 'ipv4':
    case 'ipv6':
      return addressNumber(value.text)
    default:
      return undefined
  }
}

function bitsOf({ kind }: AttributeValue): number {
  return kind === 'mac' ? 48 : kind === 'ipv6' ? 128 : 32
}

/** A length in bits; a MAC mask has as many ones from the left. */
function lengthOf(value: AttributeValue | undefined): number | undefined {
  if (value?.kind === 'prefix-length') return value.length
  if (value?.kind !== 'mac') return undefined
  return (macNumber(value.text) ?? 0).toString(2).replaceAll('0', '').length
}

function inPrefix(number: Value, length: number, bits: number): (value: Value) => boolean {
  if (typeof number === 'bigint') {
    const free = BigInt(bits - length)
    const prefix = number >> free
    return (value) => typeof value === 'bigint' && value >> free === prefix
  }
  const size = 2 ** (bits - length)
  const prefix = Math.floor(number / size)
  return (value) => typeof value === 'number' && Math.floor(value / size) === prefix
}
