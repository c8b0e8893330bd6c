import type { Side } from '../../placement/placement.ts'
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

/**
 * Frames of a group that are accepted in one step, and the chain that counts for the rules on their way: from a guest those of the
 * map, to a guest all of an ethertype.
 */
export type FastPath = {
  readonly side: Side
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
  const add = (side: Side, facts: Facts): void => {
    const entry = entries.get(`ethernet ${side}`)
    const way = entry === undefined ? undefined : walkChains(byName, entry, facts)
    if (entry === undefined || way === undefined || way.counters.length === 0) return
    const rule: NftRule = {
      matches: [],
      counters: [...new Set(way.counters)],
      statement: { kind: 'accept' },
      comment: undefined,
      origins: way.origins,
    }
    // No sub-chain has such a name: theirs end with a direction before the dot.
    const name = `${entry}-fast.${TYPES[facts.etherType]}`
    found.push({ side, chain: { name, base: undefined, comment: undefined, rules: [rule] }, facts, apart: way.apart })
  }
  const setsOf = (field: NftField) =>
    uses.filter((use) => !use.interval && use.fields.length === 1 && use.fields[0] === field)
  for (const mac of setsOf('ether saddr'))
    for (const ip of setsOf('ip saddr')) {
      const sets = new Map([
        ['ether saddr', mac.name],
        ['ip saddr', ip.name],
      ])
      if (found.length === 0) add('from-guest', { etherType: IPV4, sets })
    }
  for (const etherType of Object.keys(TYPES)) add('to-guest', { etherType, sets: new Map() })
  return found
}

/** A chain that leads to the shortcuts of its group first, where it is the one that frames to a guest enter. */
export function withShortcuts(chain: NftChain, entry: string | undefined, paths: readonly FastPath[]): NftChain {
  if (chain.name !== entry) return chain
  const shortcuts = paths
    .filter(({ side }) => side === 'to-guest')
    .map(({ facts, chain: { name } }): NftRule => {
      const matches: readonly NftMatch[] = [{ kind: 'compare', field: 'ether type', op: '==', value: facts.etherType }]
      return { matches, counters: [], statement: { kind: 'goto', chain: name }, comment: undefined, origins: [] }
    })
  return shortcuts.length === 0 ? chain : { ...chain, rules: [...shortcuts, ...chain.rules] }
}

/** The elements of a NIC in the map of shortcuts. */
export function fastElements(
  paths: readonly FastPath[],
  portDevice: string,
  elements: ReadonlyMap<string, readonly NftElement[]>,
): readonly NftElement[] {
  const path = paths.find(({ side }) => side === 'from-guest')
  if (path === undefined) return []
  const { chain, facts, apart } = path
  const verdict = { kind: 'goto', chain: chain.name } as const
  const valuesOf = (field: NftField): readonly string[] => {
    const values: string[] = []
    for (const { key } of elements.get(facts.sets.get(field) ?? '') ?? []) {
      const value = key[1]
      if (typeof value === 'string' && !apart.some((match) => names(match, field, value))) values.push(value)
    }
    return values
  }
  const [macs, ips] = [valuesOf('ether saddr'), valuesOf('ip saddr')]
  const found: NftElement[] = []
  if (macs.length * ips.length > MOST_ELEMENTS) return found
  const ending = facts.etherType.slice(2)
  for (const mac of macs) {
    const first = `0x${mac.replaceAll(':', '')}${ending}`
    for (const ip of ips) found.push({ key: [portDevice, first, ip], verdict })
  }
  return found
}

/** Whether a comparison would hold for this value of the field. */
function names(match: NftMatch, field: NftField, value: string): boolean {
  if ((match.kind !== 'compare' && match.kind !== 'masked') || match.field !== field) return false
  // Both are texts of ours, in one form.
  if (match.kind === 'compare' && typeof match.value === 'string') return match.value === value
  const bits = readBits(value)
  if (match.kind === 'masked') return (bits & readBits(match.mask)) === readBits(match.value)
  const [first, last] = rangeOfValue(field, match.value)
  return first <= bits && bits <= last
}
