import { compareAddresses, parseIpv4, parseIpv6, printIpv6 } from '../protocols/ip-address.ts'
import { ipv4Type, ipv6Type } from '../protocols/ip-type.ts'
import { macType } from '../protocols/mac-type.ts'
import type { IpSet, IpSetDimension, IpSetValue } from './ipset.ts'

/** Protocols that ipset names beside a port. */
const PROTOCOLS: Readonly<Record<string, number>> = { tcp: 6, udp: 17, sctp: 132, udplite: 136 }
const MOST_PORT = 65535

/**
 * The values of an entry, or why it is none of this set. A set of ports alone knows no protocols: each is one of TCP and one of UDP.
 */
export function readEntry(text: string, set: IpSet): readonly (readonly IpSetValue[])[] | string {
  const { dimensions } = set
  if (dimensions.length > 1 || dimensions[0] !== 'port') {
    const values = readValues(text, set)
    return typeof values === 'string' ? values : [values]
  }
  const [tcp, udp] = ['tcp', 'udp'].map((protocol) =>
    text.includes(':') ? text : readValues(`${protocol}:${text}`, set),
  )
  return Array.isArray(tcp) && Array.isArray(udp) ? [tcp, udp] : `“${text}” is no port of an entry of ${set.name}.`
}

function readValues(text: string, { name, dimensions, family }: IpSet): readonly IpSetValue[] | string {
  const parts = text.split(',')
  if (parts.length !== dimensions.length)
    return `“${text}” has not the ${dimensions.length} parts of an entry of ${name}.`
  const values: IpSetValue[] = []
  for (const [at, part] of parts.entries()) {
    const read = readPart(part, dimensions[at] ?? 'address', family)
    if (read === undefined) return `“${part}” is no ${sayPart(dimensions[at], family)} of an entry of ${name}.`
    values.push(...read)
  }
  return values
}

function sayPart(dimension: IpSetDimension | undefined, family: IpSet['family']): string {
  if (dimension === 'mac') return 'MAC address'
  return dimension === 'port'
    ? 'port, such as 22 or udp:53 or tcp:80-90,'
    : `${family === 'ip6' ? 'IPv6' : 'IPv4'} address or network`
}

function readPart(text: string, dimension: IpSetDimension, family: IpSet['family']): readonly IpSetValue[] | undefined {
  if (dimension === 'mac') {
    const value = macType.parse(text)
    return value?.kind === 'mac' ? [value.text] : undefined
  }
  return dimension === 'port' ? readPort(text) : readAddress(text, family ?? 'ip')
}

/** `[PROTOCOL:]PORT[-PORT]`; tcp where none is named. */
function readPort(text: string): readonly IpSetValue[] | undefined {
  const [, name = 'tcp', from = '', to = from] = /^(?:([a-z]+):)?(\d+)(?:-(\d+))?$/.exec(text) ?? []
  const protocol = PROTOCOLS[name]
  const [first, last] = [Number(from), Number(to)]
  if (from === '' || protocol === undefined || last > MOST_PORT || first > last) return undefined
  return [String(protocol), first === last ? String(first) : { first: String(first), last: String(last) }]
}

/** `ADDRESS`, `ADDRESS/LENGTH` or, of IPv4, `ADDRESS-ADDRESS`. */
function readAddress(text: string, family: 'ip' | 'ip6'): readonly IpSetValue[] | undefined {
  const [, from = '', length, to] = /^([^/-]+)(?:\/(\d+)|-([^/-]+))?$/.exec(text) ?? []
  const type = family === 'ip' ? ipv4Type : ipv6Type
  const [first, last] = [type.parse(from), to === undefined ? undefined : type.parse(to)]
  if (first === undefined || !('text' in first) || (to !== undefined && (last === undefined || family === 'ip6')))
    return undefined
  if (length !== undefined) return readPrefix(first.text, Number(length), family)
  if (last === undefined || !('text' in last) || last.text === first.text) return [first.text]
  return compareAddresses(first.text, last.text) > 0 ? undefined : [{ first: first.text, last: last.text }]
}

function readPrefix(address: string, length: number, family: 'ip' | 'ip6'): readonly IpSetValue[] | undefined {
  const bytes = (family === 'ip' ? parseIpv4(address) : parseIpv6(address)) ?? []
  if (length > bytes.length * 8) return undefined
  if (length === bytes.length * 8) return [address]
  const ends = [0, 255].map((fill) => {
    const end = bytes.map((byte, at) => {
      const kept = Math.min(8, Math.max(0, length - at * 8))
      const mask = (0xff00 >> kept) & 0xff
      return (byte & mask) | (fill & ~mask & 0xff)
    })
    return family === 'ip' ? end.join('.') : printIpv6(end)
  })
  const [first = '', last = ''] = ends
  return [{ first, last }]
}
