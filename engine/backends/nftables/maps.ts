import type { NftField } from './nft-field.ts'

/** The maps that lead a frame into the chains of its NIC, by `LAYER SIDE`. */
export const MAPS: Readonly<
  Record<string, { readonly name: string; readonly field: NftField; readonly comment: string }>
> = {
  'ethernet from-guest': { name: 'from-guest', field: 'iifname', comment: 'what a guest sends' },
  'ethernet to-guest': { name: 'to-guest', field: 'oifname', comment: 'what a guest gets' },
  'ip from-guest': { name: 'ip-from-guest', field: 'iifname', comment: 'IPv4 that a guest sends' },
  'ip to-guest': { name: 'ip-to-guest', field: 'oifname', comment: 'IPv4 that a guest gets' },
  'ip6 from-guest': { name: 'ip6-from-guest', field: 'iifname', comment: 'IPv6 that a guest sends' },
  'ip6 to-guest': { name: 'ip6-to-guest', field: 'oifname', comment: 'IPv6 that a guest gets' },
  'ip limited-to-guest': { name: 'ip-limited-to-guest', field: 'oifname', comment: 'IPv4 to a guest with limits' },
  'ip6 limited-to-guest': { name: 'ip6-limited-to-guest', field: 'oifname', comment: 'IPv6 to a guest with limits' },
}
