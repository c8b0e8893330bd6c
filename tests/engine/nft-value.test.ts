import { describe, expect, test } from 'vitest'
import {
  bitsOfValue,
  lengthOfMask,
  rangeOfValue,
  readBits,
  writeBits,
  writeRange,
  writeValue,
} from '../../engine/backends/nftables/nft-value.ts'
import type { AttributeValue } from '../../engine/protocols/attribute-value.ts'

const number = (value: number): AttributeValue => ({ kind: 'number', value, base: 10, name: undefined })
const mac = (text: string): AttributeValue => ({ kind: 'mac', text })
const ipv4 = (text: string): AttributeValue => ({ kind: 'ipv4', text })
const ipv6 = (text: string): AttributeValue => ({ kind: 'ipv6', text })
const text: AttributeValue = { kind: 'string', text: 'eth0' }

describe('values as nft writes them', () => {
  test.each([
    ['ether saddr', mac('52:54:00:00:00:01'), '52:54:00:00:00:01'],
    ['@nh,64,48', mac('52:54:00:00:00:01'), '0x525400000001'],
    ['ip saddr', ipv4('10.0.0.1'), '10.0.0.1'],
    ['@nh,96,32', ipv4('10.0.0.1'), '0xa000001'],
    ['ip6 saddr', ipv6('::1'), '::1'],
    ['@nh,64,128', ipv6('::1'), '0x1'],
    ['ip saddr', number(0x0a000001), '10.0.0.1'],
    ['ip6 saddr', number(1), '::1'],
    ['ether saddr', number(1), '00:00:00:00:00:01'],
    ['ether type', number(0x800), '0x0800'],
    ['th dport', number(22), '22'],
    ['th dport', number(65536), undefined],
    ['th dport', mac('52:54:00:00:00:01'), undefined],
    ['th dport', text, undefined],
  ] as const)('%s of %j', (field, value, expected) => {
    expect(writeValue(field, value)).toBe(expected)
  })

  test('a range is one value where its ends are equal, and none where it is empty or does not fit', () => {
    expect(writeRange('th dport', number(22), number(30))).toEqual({ kind: 'range', first: '22', last: '30' })
    expect(writeRange('th dport', number(22), number(22))).toBe('22')
    expect(writeRange('th dport', number(30), number(22))).toBeUndefined()
    expect(writeRange('th dport', number(30), number(65536))).toBeUndefined()
    expect(writeRange('th dport', text, number(1))).toBeUndefined()
    expect(writeBits('th dport', -1n)).toBeUndefined()
    expect(bitsOfValue(text)).toBeUndefined()
  })

  test('a mask has a length where its bits are ones from the left', () => {
    expect(lengthOfMask({ kind: 'prefix-length', length: 24 })).toBe(24)
    expect(lengthOfMask(mac('ff:ff:ff:00:00:00'))).toBe(24)
    expect(lengthOfMask(mac('ff:ff:ff:ff:ff:ff'))).toBe(48)
    expect(lengthOfMask(mac('ff:00:ff:00:00:00'))).toBeUndefined()
    expect(lengthOfMask(number(24))).toBeUndefined()
  })

  test('what was written is read again', () => {
    expect(['52:54:00:00:00:01', '::1', '10.0.0.1', '0x0800', '22'].map(readBits)).toEqual([
      0x525400000001n,
      1n,
      0x0a000001n,
      0x800n,
      22n,
    ])
    expect(rangeOfValue('ip saddr', '10.0.0.1')).toEqual([0x0a000001n, 0x0a000001n])
    expect(rangeOfValue('ip saddr', { kind: 'prefix', address: '10.0.0.0', length: 24 })).toEqual([
      0x0a000000n,
      0x0a0000ffn,
    ])
    expect(rangeOfValue('th dport', { kind: 'range', first: '1', last: '9' })).toEqual([1n, 9n])
  })
})
