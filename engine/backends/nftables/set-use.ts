import type { Test } from '../../placement/condition.ts'
import type { Operand } from '../../placement/operand.ts'
import type { AttributeValue } from '../../protocols/attribute-value.ts'
import { operandsOf } from './lower-compare.ts'
import { fieldInfo, type NftField } from './nft-field.ts'
import { bitsOfValue, lengthOfMask, spanOfPrefix, writeBits, writeRange, writeValue } from './nft-value.ts'
import type { HolePiece } from './pieces.ts'
import type { NftValue } from './ruleset.ts'

/** A set that a rule looks into: its key is the interface and the values of some variables. */
export type SetUse = {
  readonly name: string
  /** The fields of the key behind the interface. */
  readonly fields: readonly NftField[]
  readonly interval: boolean
  /** One for each element of a NIC: what stands in the key behind the interface. */
  readonly tuples: readonly (readonly Test[])[]
}

/** Registers of the kernel hold so many bytes of a key. */
const MOST_BYTES = 64
const INTERFACE_BYTES = 16
/** Attributes that libvirt has printed in another base than their variable is read in. */
export const READ_AS_HEX = new Set(['protocolid', 'encap-protocol', 'protocoltype'])

/** The set for the holes of a rule; each tuple holds the tests of one instance in the order of the holes. */
export function setFor(holes: readonly HolePiece[], tuples: readonly (readonly Test[])[]): SetUse {
  return {
    name: holes.map(({ field, test }) => `${namesIn(test)}-${tagOf(field, test)}`).join('.'),
    fields: holes.map(({ field }) => field),
    interval: holes.some(({ test }) => test.kind !== 'equal'),
    tuples,
  }
}

/** Whether the kernel can hold the key. */
export function fitsKey(holes: readonly HolePiece[]): boolean {
  const bytes = holes.map(({ field }) => 4 * Math.ceil(fieldInfo(field).bits / 32))
  return INTERFACE_BYTES + bytes.reduce((sum, count) => sum + count, 0) <= MOST_BYTES
}

type Resolve = (operand: Operand) => AttributeValue | undefined

/** The value of an operand in the type of a field; undefined where it does not fit, or is none. */
export function writeOperand(field: NftField, operand: Operand, resolve: Resolve): NftValue | undefined {
  const value = resolve(operand)
  return value && writeValue(field, value)
}

/** What a test asks for, as part of a key; undefined where a value does not fit, or is none. */
export function writeTest(field: NftField, test: Test, resolve: Resolve): NftValue | undefined {
  if (test.kind === 'equal') return writeOperand(field, test.value, resolve)
  const [value, other] = operandsOf(test).map(resolve)
  if (value === undefined || other === undefined) return undefined
  if (test.kind === 'range') return writeRange(field, value, other)
  const { bits: width } = fieldInfo(field)
  const [bits, length] = [bitsOfValue(value), lengthOfMask(other)]
  if (bits === undefined || length === undefined || length > width) return undefined
  const [first, last] = spanOfPrefix(bits, width, length).map((end) => writeBits(field, end))
  if (first === undefined || last === undefined) return undefined
  return first === last ? first : { kind: 'range', first, last }
}

function namesIn(test: Test): string {
  return operandsOf(test)
    .flatMap((operand) => (operand.kind === 'hole' ? [nameOfHole(operand)] : []))
    .join('_')
}

function nameOfHole({ variable: { name, access, id } }: Extract<Operand, { kind: 'hole' }>): string {
  if (access === 'index') return `${name}_${id}`
  return id === 0 ? name : `${name}_at${id}`
}

/** Tells types apart, so that rules share a set only where its keys mean the same. */
function tagOf(field: NftField, test: Test): string {
  const { writes, bits } = fieldInfo(field)
  const type =
    writes === 'ether' || writes === 'ipv4' || writes === 'ipv6'
      ? writes
      : `${field.startsWith('@') ? 'raw' : writes}${bits}`
  const literal = operandsOf(test).flatMap((operand) => (operand.kind === 'literal' ? [textOf(operand.value)] : []))
  const isHex = operandsOf(test).some((operand) => operand.kind === 'hole' && READ_AS_HEX.has(operand.attribute))
  const kind = test.kind === 'equal' ? [] : [test.kind, ...literal]
  return [type, ...(isHex ? ['hex'] : []), ...kind].join('_')
}

function textOf(value: AttributeValue): string {
  if (value.kind === 'prefix-length') return String(value.length)
  return value.kind === 'mac' ? String(lengthOfMask(value) ?? 'none') : String(bitsOfValue(value) ?? 'none')
}
