import type { NftField } from './nft-field.ts'
import { rangeOfValue, readBits } from './nft-value.ts'
import type { NftChain, NftElement, NftMatch, NftRule } from './ruleset.ts'
import type { SetUse } from './set-use.ts'
import { type Facts, walkChains } from './walk-chains.ts'

/** A map that leads frames whose verdict is certain past all chains: one lookup with everything that has to be known. */
export type FastMap = { readonly name: string; readonly fields: readonly NftField[]; readonly comment: string }
/** The sender's MAC address and the ethertype stand next to each other: one read. */
const MAC_AND_TYPE: NftField = '@ll,48,64'
/** Frames from a guest, by their sender. */
export const FAST_FROM: FastMap = {
  name: 'fast-from-guest',
  fields: ['iifname', MAC_AND_TYPE, 'ip saddr'],
  comment: 'IPv4 whose sender alone decides that it passes: interface, MAC address with ethertype, address',
}
/** Frames to a guest, by their ethertype. */
export const FAST_TO: FastMap = {
  name: 'fast-to-guest',
  fields: ['oifname', 'ether type'],
  comment: 'what passes whatever else it is: interface, ethertype',
}

/** Frames of a group that are accepted in one step, and the chain that counts for the rules on their way. */
export type FastPath = {
  readonly map: FastMap
  readonly chain: NftChain
  readonly facts: Facts
  readonly apart: readonly NftMatch[]
}

const IPV4 = '0x0800'
const TYPES: Readonly<Record<string, string>> = { [IPV4]: 'ip', '0x86dd': 'ip6', '0x0806': 'arp' }
/** A NIC with more combinations than this goes the long way. */
const MOST_ELEMENTS = 256

/** The shortcuts of a group: frames that every rule on their way treats alike. */
export function fastPathsOf(
  chains: readonly NftChain[],
  entries: ReadonlyMap<string, string>,
  uses: readonly SetUse[],
): readonly FastPath[] {
  const byName = new Map(chains.map((chain) => [chain.name, chain]))
  const found: FastPath[] = []
  const add = (map: FastMap, entry: string | undefined, facts: Facts): boolean => {
    const way = entry === undefined ? undefined : walkChains(byName, entry, facts)
    if (entry === undefined || way === undefined || way.counters.length === 0) return false
    const rule: NftRule = {
      matches: [],
      counters: [...new Set(way.counters)],
      statement: { kind: 'accept' },
      comment: undefined,
      origins: way.origins,
    }
    // No sub-chain has such a name: theirs end with a direction before the dot.
    const name = `${entry}-fast.${TYPES[facts.etherType]}`
    found.push({ map, chain: { name, base: undefined, comment: undefined, rules: [rule] }, facts, apart: way.apart })
    return true
  }
  const setsOf = (field: NftField) =>
    uses.filter((use) => !use.interval && use.fields.length === 1 && use.fields[0] === field)
  for (const mac of setsOf('ether saddr'))
    for (const ip of setsOf('ip saddr')) {
      const sets = new Map([
        ['ether saddr', mac.name],
        ['ip saddr', ip.name],
      ])
      if (found.length === 0) add(FAST_FROM, entries.get('ethernet from-guest'), { etherType: IPV4, sets })
    }
  for (const etherType of Object.keys(TYPES))
    add(FAST_TO, entries.get('ethernet to-guest'), { etherType, sets: new Map() })
  return found
}

/** The elements of a NIC in the maps of shortcuts. */
export function fastElements(
  paths: readonly FastPath[],
  portDevice: string,
  elements: ReadonlyMap<string, readonly NftElement[]>,
): ReadonlyMap<string, readonly NftElement[]> {
  const found = new Map<string, readonly NftElement[]>()
  for (const { map, chain, facts, apart } of paths) {
    const verdict = { kind: 'goto', chain: chain.name } as const
    const add = (more: readonly NftElement[]) => found.set(map.name, [...(found.get(map.name) ?? []), ...more])
    if (map === FAST_TO) {
      add([{ key: [portDevice, facts.etherType], verdict }])
      continue
    }
    const valuesOf = (field: NftField) =>
      (elements.get(facts.sets.get(field) ?? '') ?? [])
        .flatMap(({ key: [, value] }) => (typeof value === 'string' ? [value] : []))
        .filter((value) => !apart.some((match) => names(match, field, value)))
    const [macs, ips] = [valuesOf('ether saddr'), valuesOf('ip saddr')]
    if (macs.length * ips.length > MOST_ELEMENTS) continue
    const first = macs.map((mac) => `0x${mac.replaceAll(':', '')}${facts.etherType.slice(2)}`)
    add(first.flatMap((mac) => ips.map((ip) => ({ key: [portDevice, mac, ip], verdict }))))
  }
  return found
}

/** Whether a comparison would hold for this value of the field. */
function names(match: NftMatch, field: NftField, value: string): boolean {
  if ((match.kind !== 'compare' && match.kind !== 'masked') || match.field !== field) return false
  const bits = readBits(value)
  if (match.kind === 'masked') return (bits & readBits(match.mask)) === readBits(match.value)
  const [first, last] = rangeOfValue(field, match.value)
  return first <= bits && bits <= last
}
