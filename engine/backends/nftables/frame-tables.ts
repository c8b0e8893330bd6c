import { base, rule } from './base-chain.ts'
import type { NftCapabilities } from './capabilities.ts'
import { FAST_FROM, type FastMap } from './fast-paths.ts'
import { type IpVersion, ipTable } from './ip-table.ts'
import { SAME_BYTES } from './lower-arp.ts'
import type { Group } from './lower-group.ts'
import { type MarkBits, shareMarkBits } from './mark-bits.ts'
import type { NftField } from './nft-field.ts'
import type { NftablesRuleset, NftChain, NftCounter, NftMatch, NftRule, NftSet, NftTable } from './ruleset.ts'

/** The name of our tables, in both families. */
export const TABLE = 'sluice'

/** Where ebtables hangs its table nat, which is where libvirt's rules of the Ethernet layer stand. */
const [DSTNAT, SRCNAT] = [-300, 300]
/** In front of br_netfilter, which enters the hooks of IP at priority 0 of the bridge. */
const BEFORE_IP = -1
const BEHIND_IP = 1

/** Groups → tables with their base chains and their sets, which are empty. What nobody needs is left out. */
export function frameTables(groups: readonly Group[], capabilities: NftCapabilities): NftablesRuleset {
  const marks = shareMarkBits(capabilities.markMask)
  if (marks === undefined) throw new Error('the mark mask has fewer than four bits')
  const chains = groups.flatMap((group) => group.chains)
  const needs = needsOf(groups)
  const maps = [...fastMapsOf(groups), ...mapsOf(groups)]
  const bridge: NftTable = {
    family: 'bridge',
    name: TABLE,
    counters: countersOf(chains),
    sets: [...maps, ...setsOf(groups), ...sameBytes(chains)],
    chains: [...baseChains(new Set(maps.map(({ name }) => name)), marks, needs), ...chains],
  }
  const versions = VERSIONS.filter((version) => needs[version].tracks || needs[version].rejects)
  return {
    kind: 'nftables-ruleset',
    tables: [bridge, ...versions.map((version) => ipTable(version, TABLE, marks, needs[version]))],
    bridgeNetfilter: versions,
  }
}

const VERSIONS: readonly IpVersion[] = ['ip', 'ip6']
type AllNeeds = Group['needs']

function needsOf(groups: readonly Group[]): AllNeeds {
  const of = (version: IpVersion) => ({
    tracks: groups.some(({ needs }) => needs[version].tracks),
    rejects: groups.some(({ needs }) => needs[version].rejects),
  })
  return { ip: of('ip'), ip6: of('ip6') }
}

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
}

function mapsOf(groups: readonly Group[]): readonly NftSet[] {
  const places = new Set(groups.flatMap(({ entries }) => [...entries.keys()]))
  return Object.entries(MAPS).flatMap(([place, { name, field, comment }]) =>
    places.has(place) ? [mapFor({ name, fields: [field], comment })] : [],
  )
}

function fastMapsOf(groups: readonly Group[]): readonly NftSet[] {
  const isUsed = groups.some(({ fastPaths }) => fastPaths.some(({ side }) => side === 'from-guest'))
  return isUsed ? [mapFor(FAST_FROM)] : []
}

function mapFor({ name, fields, comment }: FastMap): NftSet {
  return { name, kind: 'verdict-map', fields, interval: false, dynamic: false, comment, elements: [] }
}

function setsOf(groups: readonly Group[]): readonly NftSet[] {
  const uses = new Map(groups.flatMap((group) => group.uses.map((use) => [use.name, use] as const)))
  return [...uses.values()].map(({ name, fields, interval }) => {
    return {
      name,
      kind: 'set',
      fields: ['iifname', ...fields],
      interval,
      dynamic: false,
      comment: undefined,
      elements: [],
    }
  })
}

function sameBytes(chains: readonly NftChain[]): readonly NftSet[] {
  const isUsed = chains.some(({ rules }) =>
    rules.some(({ matches }) => matches.some((match) => match.kind === 'lookup' && match.set === SAME_BYTES)),
  )
  if (!isUsed) return []
  const elements = Array.from({ length: 256 }, (_, byte) => {
    const text = `0x${byte.toString(16)}`
    return { key: [text, text] }
  })
  const fields: readonly NftField[] = ['@nh,112,8', '@nh,192,8']
  const comment = 'every byte with itself'
  return [{ name: SAME_BYTES, kind: 'set', fields, interval: false, dynamic: false, comment, elements }]
}

function countersOf(chains: readonly NftChain[]): readonly NftCounter[] {
  const counters = new Map<string, NftCounter>()
  for (const { rules } of chains)
    for (const { counters: names, comment = '' } of rules)
      for (const name of names) if (!counters.has(name)) counters.set(name, { name, comment })
  return [...counters.values()]
}

function baseChains(maps: ReadonlySet<string>, marks: MarkBits, needs: AllNeeds): readonly NftChain[] {
  const rejects = VERSIONS.some((version) => needs[version].rejects)
  const marksAnything = rejects || VERSIONS.some((version) => needs[version].tracks)
  const ask = ({ name, fields }: Pick<FastMap, 'name' | 'fields'>, ...matches: readonly NftMatch[]) =>
    maps.has(name) ? [rule(matches, { kind: 'vmap', fields, map: name })] : []
  const lead = (place: string, ...matches: readonly NftMatch[]): readonly NftRule[] => {
    const map = MAPS[place]
    return map === undefined ? [] : ask({ name: map.name, fields: [map.field] }, ...matches)
  }
  const ipv4: NftMatch = { kind: 'compare', field: 'ether type', op: '==', value: '0x0800' }
  const ipv6: NftMatch = { ...ipv4, value: '0x86dd' }
  const fromGuest = [...lead('ip from-guest', ipv4), ...lead('ip6 from-guest', ipv6)]
  const toGuest = [...lead('ip to-guest', ipv4), ...lead('ip6 to-guest', ipv6)]
  const clean = marksAnything
    ? [
        rule(
          [{ kind: 'mark', mask: marks.all, op: '!=', values: [0] }],
          { kind: 'set-mark', mask: marks.all, value: 0, verdict: undefined },
          'a mark of ours comes from nobody else',
        ),
      ]
    : []
  const isRejected: NftMatch = { kind: 'mark', mask: marks.reject, op: '==', values: [marks.reject] }
  const guard = rejects ? [rule([isRejected], { kind: 'drop' }, 'nobody rejected it: br_netfilter is off')] : []
  return [
    base('prerouting', 'prerouting', DSTNAT, [...clean, ...ask(FAST_FROM), ...lead('ethernet from-guest')]),
    base('forward', 'forward', BEFORE_IP, [...fromGuest, ...toGuest]),
    base('forward-guard', 'forward', BEHIND_IP, guard),
    base('input', 'input', BEFORE_IP, fromGuest),
    base('postrouting', 'postrouting', SRCNAT, lead('ethernet to-guest')),
  ].filter(({ rules }) => rules.length > 0)
}
