import { BRIDGE_GROUP } from '../../placement/ethernet-conditions.ts'
import { compare } from './pieces.ts'
import type { NftMatch } from './ruleset.ts'

/** Which frames a sub-chain gets, by the beginning of its name. Spec 5.3. */
const SELECTORS: readonly (readonly [prefix: string, selector: NftMatch])[] = [
  ['ipv4', compare('ether type', '0x0800')],
  ['ipv6', compare('ether type', '0x86dd')],
  ['arp', compare('ether type', '0x0806')],
  ['rarp', compare('ether type', '0x8035')],
  ['vlan', compare('ether type', '0x8100')],
  ['stp', compare('ether daddr', BRIDGE_GROUP)],
]

/** The condition of the jump into a sub-chain; a `mac` chain and the root chain get every frame. */
export function selectorOf(suffix: string): NftMatch | undefined {
  return SELECTORS.find(([prefix]) => suffix.startsWith(prefix))?.[1]
}
