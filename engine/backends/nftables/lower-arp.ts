import type { Condition } from '../../placement/condition.ts'
import { lowerCompare } from './lower-compare.ts'
import { fieldInfo, type NFT_FIELDS, type NftField } from './nft-field.ts'
import { type Alternatives, compare, one, type Piece, type Refusal } from './pieces.ts'
import type { NftMatch } from './ruleset.ts'

type ArpCondition = Extract<Condition, { kind: 'compare' | 'gratuitous' }>

/** Every byte with itself: nft compares no two fields with each other, but looks up pairs. */
export const SAME_BYTES = 'same-bytes'
const ETHERNET = '1'
const MAC_BYTES = '6'
const IP_BYTES = '4'
/** Where the addresses of sender and target begin, in bits, in packets for Ethernet and IPv4. */
const [SENDER_AT, TARGET_AT] = [112, 192]

/**
 * A condition on ARP or RARP. ebtables looks at addresses only where they are those of Ethernet and of IPv4; they stand at
 * their usual places then, which is checked too.
 */
export function lowerArp(condition: ArpCondition, protocol: string): Alternatives | Refusal {
  const named = (name: keyof typeof NFT_FIELDS) => (protocol === 'arp' ? name : rawField(name))
  const checks: Readonly<Record<string, NftMatch>> = {
    htype: compare(named('arp htype'), ETHERNET),
    ptype: compare(named('arp ptype'), '0x0800'),
    hlen: compare(named('arp hlen'), MAC_BYTES),
    plen: compare(named('arp plen'), IP_BYTES),
  }
  const pick = (...names: readonly string[]) => names.flatMap((name) => checks[name] ?? [])
  // Where the MAC address is longer, an address that must not be there is read at the wrong place, and differs all the same.
  const forIp = condition.negated ? pick('ptype', 'plen') : pick('ptype', 'hlen', 'plen')
  if (condition.kind === 'gratuitous') return lowerGratuitous(condition.negated, forIp)
  const { field } = condition
  if (!field.startsWith('arp ')) return lowerCompare(field as NftField, condition)
  const lowered = lowerCompare(named(field as keyof typeof NFT_FIELDS), condition)
  if ('kind' in lowered || !field.includes('addr')) return lowered
  const forMac = field === 'arp saddr ether' ? pick('htype', 'hlen') : pick('htype', 'hlen', 'plen')
  const before = field.endsWith(' ip') ? forIp : forMac
  return lowered.map((pieces): readonly Piece[] => [...before, ...pieces])
}

/** nft's `arp` expressions would add a check for the ethertype of ARP: RARP is read at its places. */
function rawField(name: keyof typeof NFT_FIELDS): NftField {
  const info = fieldInfo(name)
  if (!name.startsWith('arp ') || info.base === 'meta') return name
  return `@${info.base},${info.offset},${info.bits}`
}

function lowerGratuitous(negated: boolean, lengths: readonly NftMatch[]): Alternatives {
  const pairs = [0, 8, 16, 24].map(
    (byte): NftMatch => ({
      kind: 'lookup',
      fields: [`@nh,${SENDER_AT + byte},8`, `@nh,${TARGET_AT + byte},8`],
      op: negated ? '!=' : '==',
      set: SAME_BYTES,
    }),
  )
  return negated ? pairs.map((pair) => [...lengths, pair]) : one(...lengths, ...pairs)
}
