import { fieldInfo, type NftField } from './nft-field.ts'
import type { NftMatch, NftValue } from './ruleset.ts'

/** Words that nft has for numbers, which people read more easily. */
const WORDS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'ether type': { '0x0800': 'ip', '0x86dd': 'ip6', '0x0806': 'arp', '0x8100': 'vlan' },
  'meta l4proto': { '1': 'icmp', '6': 'tcp', '17': 'udp', '50': 'esp', '51': 'ah', '58': 'icmpv6', '132': 'sctp' },
  'ip protocol': { '1': 'icmp', '6': 'tcp', '17': 'udp', '50': 'esp', '51': 'ah', '132': 'sctp' },
  'arp operation': { '1': 'request', '2': 'reply' },
}

/** One condition as nft reads it (nft(8)). */
export function printMatch(match: NftMatch): string {
  switch (match.kind) {
    case 'compare':
      return `${match.field} ${not(match.op)}${printIn(match.field, match.value)}`
    case 'masked':
      return `${match.field} & ${match.mask} ${match.op} ${match.value}`
    case 'lookup':
      return `${match.fields.join(' . ')} ${not(match.op)}@${match.set}`
    case 'tcp-option':
      return `tcp option ${match.option} ${match.present ? 'exists' : 'missing'}`
    case 'fragment':
      return { none: 'exthdr frag missing', first: 'frag frag-off 0', later: 'frag frag-off != 0' }[match.which]
    case 'has-transport-header':
      // Three bytes: one, two or four are read without a look at whether this is a later fragment.
      return '@th,0,24 & 0x0 == 0x0'
    case 'ct-state':
      return `ct state ${match.states.join(',')}`
    case 'ct-direction':
      return `ct direction ${match.direction}`
    case 'mark':
      return `meta mark & ${printMark(match.mask)} ${match.op} ${printMarks(match.values)}`
    case 'from-bridge':
      return 'meta iifkind "bridge"'
  }
}

function not(op: '==' | '!='): string {
  return op === '!=' ? '!= ' : ''
}

/** A value with the word for it, where nft has one. */
function printIn(field: NftField, value: NftValue): string {
  return (typeof value === 'string' ? WORDS[field]?.[value] : undefined) ?? printValue(field, value)
}

/** A value as it stands in rules and elements. Names of interfaces are quoted. */
export function printValue(field: NftField, value: NftValue): string {
  if (typeof value === 'string') return fieldInfo(field).writes === 'ifname' ? `"${value}"` : value
  return value.kind === 'range' ? `${value.first}-${value.last}` : `${value.address}/${value.length}`
}

/** Bits of the mark, with all their digits. */
export function printMark(value: number): string {
  return `0x${(value >>> 0).toString(16).padStart(8, '0')}`
}

function printMarks(values: readonly number[]): string {
  const [only] = values
  return values.length === 1 && only !== undefined ? printMark(only) : `{ ${values.map(printMark).join(', ')} }`
}
