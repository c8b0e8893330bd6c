/** Bits at a place of a frame: from the Ethernet header, the network header, or the transport header. `@BASE,OFFSET,LENGTH`. */
type RawField = `@${'ll' | 'nh' | 'th'},${number},${number}`

/** What a rule can look at, in nft's words (nft(8), payload and meta expressions). */
export type NftField = keyof typeof NFT_FIELDS | RawField

/** How the values of a field are written in nft, and how an element of a set is declared. */
type FieldType = {
  /** nft's name of the datatype; undefined where only `typeof` can declare it. */
  readonly type: string | undefined
  readonly bits: number
  readonly writes: 'ifname' | 'ether' | 'ipv4' | 'ipv6' | 'decimal' | 'hex'
}
/** Where the field stands in a frame; `meta` is known by other means. `offset` counts bits. */
type Place = { readonly base: 'meta' } | { readonly base: 'll' | 'nh' | 'th'; readonly offset: number }
/** The type and the place of a field. */
export type FieldInfo = FieldType & Place

const IFNAME = { type: 'ifname', bits: 128, writes: 'ifname', base: 'meta' } as const
const ether = (base: 'll' | 'nh', offset: number) =>
  ({ type: 'ether_addr', bits: 48, writes: 'ether', base, offset }) as const
const ipv4 = (offset: number) => ({ type: 'ipv4_addr', bits: 32, writes: 'ipv4', base: 'nh', offset }) as const
const ipv6 = (offset: number) => ({ type: 'ipv6_addr', bits: 128, writes: 'ipv6', base: 'nh', offset }) as const
const port = (offset: number) => ({ type: 'inet_service', bits: 16, writes: 'decimal', base: 'th', offset }) as const
const plain = (base: 'll' | 'nh' | 'th', offset: number, bits: number) =>
  ({ type: undefined, bits, writes: 'decimal', base, offset }) as const
const hex = (type: string | undefined, base: 'll' | 'nh', offset: number, bits: number) =>
  ({ type, bits, writes: 'hex', base, offset }) as const

/** Every named field that rules use, with its place. Those of `vlan` and `arp` stand behind a check of `ether type`. */
export const NFT_FIELDS = {
  iifname: IFNAME,
  oifname: IFNAME,
  'ether daddr': ether('ll', 0),
  'ether saddr': ether('ll', 48),
  'ether type': hex('ether_type', 'll', 96, 16),
  'vlan id': plain('ll', 116, 12),
  'vlan type': hex('ether_type', 'll', 128, 16),
  'arp htype': plain('nh', 0, 16),
  'arp ptype': hex('ether_type', 'nh', 16, 16),
  'arp hlen': plain('nh', 32, 8),
  'arp plen': plain('nh', 40, 8),
  'arp operation': { ...plain('nh', 48, 16), type: 'arp_op' },
  'arp saddr ether': ether('nh', 64),
  'arp saddr ip': ipv4(112),
  'arp daddr ether': ether('nh', 144),
  'arp daddr ip': ipv4(192),
  'ip dscp': { ...plain('nh', 8, 6), type: 'dscp', writes: 'hex' },
  'ip protocol': { ...plain('nh', 72, 8), type: 'inet_proto' },
  'ip saddr': ipv4(96),
  'ip daddr': ipv4(128),
  'ip6 dscp': { ...plain('nh', 4, 6), type: 'dscp', writes: 'hex' },
  'ip6 saddr': ipv6(64),
  'ip6 daddr': ipv6(192),
  'meta l4proto': { type: 'inet_proto', bits: 8, writes: 'decimal', base: 'meta' },
  'th sport': port(0),
  'th dport': port(16),
  'icmp type': { ...plain('th', 0, 8), type: 'icmp_type' },
  'icmp code': { ...plain('th', 8, 8), type: 'icmp_code' },
  'icmpv6 type': { ...plain('th', 0, 8), type: 'icmpv6_type' },
  'icmpv6 code': { ...plain('th', 8, 8), type: 'icmpv6_code' },
  'tcp flags': { ...plain('th', 104, 8), type: 'tcp_flag', writes: 'hex' },
  'meta mark': { type: 'mark', bits: 32, writes: 'hex', base: 'meta' },
} as const satisfies Readonly<Record<string, FieldInfo>>

const rawFields = new Map<string, FieldInfo>()

/** What is known of a field; raw fields are numbers of their length. */
export function fieldInfo(field: NftField): FieldInfo {
  const named = (NFT_FIELDS as Readonly<Record<string, FieldInfo>>)[field] ?? rawFields.get(field)
  if (named !== undefined) return named
  const [, base, offset = '0', bits = '0'] = /^@(ll|nh|th),(\d+),(\d+)$/.exec(field) ?? []
  const info: FieldInfo = {
    type: undefined,
    bits: Number(bits),
    writes: 'hex',
    base: base === 'll' || base === 'th' ? base : 'nh',
    offset: Number(offset),
  }
  rawFields.set(field, info)
  return info
}
