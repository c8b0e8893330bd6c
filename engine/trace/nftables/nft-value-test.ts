import { fieldInfo, type NftField } from '../../backends/nftables/nft-field.ts'
import type { NftValue } from '../../backends/nftables/ruleset.ts'
import { addressNumber, macNumber } from '../frame/address-number.ts'
import type { NftFieldValue } from './nft-packet.ts'
import { MOST_NUMBER_BITS } from './read-nft-field.ts'

/** Whether a field has a value of the ruleset. */
export type ValueTest = (value: NftFieldValue) => boolean

/** What a field is compared with. */
export function testValue(field: NftField, value: NftValue): ValueTest {
  if (typeof value === 'string') {
    const wanted = parseValue(field, value)
    return isWildcard(field, value) ? startsWith(value.slice(0, -1)) : (found) => found === wanted
  }
  const [first, last] = value.kind === 'range' ? [value.first, value.last] : spanOf(field, value.address, value.length)
  const [from, to] = [parseValue(field, first), parseValue(field, last)]
  return (found) => found >= from && found <= to
}

/** A text of the ruleset as its field is read. */
export function parseValue(field: NftField, text: string): NftFieldValue {
  const { writes, bits } = fieldInfo(field)
  if (writes === 'ifname') return text
  const number = (writes === 'ether' ? macNumber(text) : undefined) ?? parseNumber(text)
  return bits > MOST_NUMBER_BITS ? BigInt(number) : Number(number)
}

/** The mask of `FIELD & MASK`, as a test of what is left. */
export function testMasked(field: NftField, mask: string, value: string): ValueTest {
  const [bits, wanted] = [BigInt(parseValue(field, mask)), BigInt(parseValue(field, value))]
  return (found) => typeof found !== 'string' && (BigInt(found) & bits) === wanted
}

/** Whether every key has one value here, so that it can be found by it. */
export function isExact(field: NftField, value: NftValue): value is string {
  return typeof value === 'string' && !isWildcard(field, value)
}

function parseNumber(text: string): number | bigint {
  if (/^[0-9a-f]{1,2}(:[0-9a-f]{1,2}){5}$/i.test(text)) return macNumber(text) ?? 0
  if (/[.:]/.test(text)) return addressNumber(text) ?? 0
  return BigInt(text)
}

function spanOf(field: NftField, address: string, length: number): readonly [first: string, last: string] {
  const start = BigInt(parseValue(field, address))
  const free = (1n << BigInt(fieldInfo(field).bits - length)) - 1n
  return [String(start & ~free), String(start | free)]
}

function isWildcard(field: NftField, value: string): boolean {
  return fieldInfo(field).writes === 'ifname' && value.endsWith('*')
}

function startsWith(prefix: string): ValueTest {
  return (found) => typeof found === 'string' && found.startsWith(prefix)
}
