import type { AttributeValue } from '../../protocols/attribute-value.ts'
import { parseIpv4, parseIpv6, printIpv6 } from '../../protocols/ip-address.ts'
import { fieldInfo, type NftField } from './nft-field.ts'
import type { NftValue } from './ruleset.ts'

const MAC_BITS = 48

/** A value as a number, most significant byte first. Undefined for kinds that no field has. */
export function bitsOfValue(value: AttributeValue): bigint | undefined {
  switch (value.kind) {
    case 'number':
      return BigInt(value.value)
    case 'mac':
      return BigInt(`0x${value.text.replaceAll(':', '')}`)
    case 'ipv4':
      return bitsOfBytes(parseIpv4(value.text) ?? [])
    case 'ipv6':
      return bitsOfBytes(parseIpv6(value.text) ?? [])
    default:
      return undefined
  }
}

/** The text of a number in the type of a field; undefined where it does not fit. */
export function writeBits(field: NftField, bits: bigint): string | undefined {
  const { bits: width, writes } = fieldInfo(field)
  if (bits < 0n || bits >= 1n << BigInt(width)) return undefined
  switch (writes) {
    case 'ether':
      return (bits.toString(16).padStart(12, '0').match(/../g) ?? []).join(':')
    case 'ipv4':
      return bytesOf(bits, 4).join('.')
    case 'ipv6':
      return printIpv6(bytesOf(bits, 16))
    case 'decimal':
      return bits.toString()
    default:
      return `0x${bits.toString(16).padStart(width === 16 ? 4 : 1, '0')}`
  }
}

/** The text of a typed value in the type of a field. Addresses come in nft's own form already. */
export function writeValue(field: NftField, value: AttributeValue): string | undefined {
  const { writes, bits } = fieldInfo(field)
  if (value.kind === 'mac' && writes === 'ether') return value.text
  if (value.kind === 'mac' && bits === MAC_BITS) return `0x${value.text.replaceAll(':', '')}`
  if (value.kind === 'ipv4' && writes === 'ipv4') return value.text
  if (value.kind === 'ipv6' && writes === 'ipv6') return value.text
  const number = bitsOfValue(value)
  return number === undefined ? undefined : writeBits(field, number)
}

/** The values from `first` to `last`; one where they are equal, undefined where there is none. */
export function writeRange(field: NftField, first: AttributeValue, last: AttributeValue): NftValue | undefined {
  const [from, to] = [bitsOfValue(first), bitsOfValue(last)]
  if (from === undefined || to === undefined || from > to) return undefined
  const [start, end] = [writeBits(field, from), writeBits(field, to)]
  if (start === undefined || end === undefined) return undefined
  return from === to ? start : { kind: 'range', first: start, last: end }
}

/** How many leading bits a mask has, for a prefix length or a MAC mask. */
export function lengthOfMask(mask: AttributeValue): number | undefined {
  if (mask.kind === 'prefix-length') return mask.length
  if (mask.kind !== 'mac') return undefined
  const bits = (bitsOfValue(mask) ?? 0n).toString(2).padStart(48, '0')
  const zero = bits.indexOf('0')
  if (/1/.test(bits.slice(zero === -1 ? 48 : zero))) return undefined
  return zero === -1 ? 48 : zero
}

/** The first and the last address under a prefix. */
export function spanOfPrefix(bits: bigint, width: number, length: number): readonly [bigint, bigint] {
  const host = (1n << BigInt(width - length)) - 1n
  return [bits & ~host, bits | host]
}

function bitsOfBytes(bytes: readonly number[]): bigint {
  return bytes.reduce((total, byte) => (total << 8n) | BigInt(byte), 0n)
}

function bytesOf(bits: bigint, count: number): readonly number[] {
  return Array.from({ length: count }, (_, at) => Number((bits >> BigInt(8 * (count - 1 - at))) & 0xffn))
}

/** The first and the last number that a value stands for. */
export function rangeOfValue(field: NftField, value: NftValue): readonly [bigint, bigint] {
  if (typeof value === 'string') {
    const bits = readBits(value)
    return [bits, bits]
  }
  if (value.kind === 'range') return [readBits(value.first), readBits(value.last)]
  return spanOfPrefix(readBits(value.address), fieldInfo(field).bits, value.length)
}

/** The number that a text of ours stands for: an address, or a number. */
export function readBits(text: string): bigint {
  if (/^(?:[0-9a-f]{2}:){5}[0-9a-f]{2}$/.test(text)) return BigInt(`0x${text.replaceAll(':', '')}`)
  if (text.includes(':')) return bitsOfBytes(parseIpv6(text) ?? [])
  return text.includes('.') ? bitsOfBytes(parseIpv4(text) ?? []) : BigInt(text)
}
