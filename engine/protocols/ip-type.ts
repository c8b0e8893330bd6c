import type { AttributeValue } from './attribute-value.ts'
import { type AddressBytes, parseIpv4, parseIpv6, printIpv6 } from './ip-address.ts'
import type { AttributeType, Surprise } from './protocol.ts'

/** What inet_ntop gives. */
const QUAD = /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/

const encodeText = (value: AttributeValue) => (value.kind === 'ipv4' || value.kind === 'ipv6' ? value.text : '')
const encodeLength = (value: AttributeValue) => (value.kind === 'prefix-length' ? String(value.length) : '')

/** IPv4 addresses as the C library reads them. Spec 2.1. */
export const ipv4Type: AttributeType = {
  expected: 'an IPv4 address such as 192.0.2.1',
  parse: (text) => {
    if (QUAD.test(text)) return { kind: 'ipv4', text }
    const bytes = parseIpv4(text)
    return bytes === undefined ? undefined : { kind: 'ipv4', text: bytes.join('.') }
  },
  surprise: sayUnusual,
  encode: encodeText,
  variableLength: 15,
  words: [],
}

/** IPv6 addresses without a zone. Spec 2.1. */
export const ipv6Type: AttributeType = {
  expected: 'an IPv6 address such as 2001:db8::1',
  parse: (text) => {
    const bytes = parseIpv6(text)
    return bytes === undefined ? undefined : { kind: 'ipv6', text: printIpv6(bytes) }
  },
  encode: encodeText,
  variableLength: 45,
  words: [],
}

/** Prefix lengths, or contiguous masks; both are kept as a length. Spec 2.1. */
export const ipv4MaskType = maskType('a prefix length from 0 to 32, or a mask such as 255.255.255.0', 32, parseIpv4)
export const ipv6MaskType = maskType('a prefix length from 0 to 128, or a mask such as ffff::', 128, parseIpv6)

/** `10.1` is read as 10.0.0.1, `010.0.0.1` as 8.0.0.1, and mapped IPv6 text as the IPv4 address in it. */
function sayUnusual(text: string): Surprise | undefined {
  if (QUAD.test(text)) return undefined
  const bytes = parseIpv4(text)
  const usual = bytes?.join('.')
  if (usual === undefined || usual === text) return undefined
  return { code: 'NWF350', message: `libvirt reads “${text}” as ${usual}.`, instead: usual }
}

function maskType(
  expected: string,
  longest: number,
  parseAddress: (text: string) => AddressBytes | undefined,
): AttributeType {
  return {
    expected,
    parse: (text) => {
      if (/^[ \t\n\v\f\r]*[+-]?\d+$/.test(text) && Number(text) <= 0xffffffff) {
        const length = Number(text)
        return length >= 0 && length <= longest ? { kind: 'prefix-length', length: Math.abs(length) } : undefined
      }
      const bits = parseAddress(text)
        ?.map((byte) => byte.toString(2).padStart(8, '0'))
        .join('')
      if (bits === undefined || !/^1*0*$/.test(bits)) return undefined
      return { kind: 'prefix-length', length: bits.indexOf('0') === -1 ? longest : bits.indexOf('0') }
    },
    encode: encodeLength,
    variableLength: 20,
    words: [],
  }
}
