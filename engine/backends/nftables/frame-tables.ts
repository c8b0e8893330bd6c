import { rule } from './base-chain.ts'
import { baseChains } from './base-chains.ts'
import type { NftCapabilities } from './capabilities.ts'
import { countersOf } from './counters-of.ts'
import { FAST_FROM, type FastMap } from './fast-paths.ts'
import { ipTable } from './ip-table.ts'
import type { IpVersion } from './ip-version.ts'
import { type LimitMarks, shareLimitMarks } from './limit-marks.ts'
import { SAME_BYTES } from './lower-arp.ts'
import type { Group } from './lower-group.ts'
import { type IpSets, nftSetOf } from './lower-ipset.ts'
import { MAPS } from './maps.ts'
import { shareMarkBits } from './mark-bits.ts'
import type { NftField } from './nft-field.ts'
import type { NftablesRuleset, NftChain, NftSet, NftTable } from './ruleset.ts'
import { TABLE } from './table.ts'
import { usedIn } from './used-in.ts'

/** Groups → tables with their base chains and their sets, which are empty. What nobody needs is left out. */
export function frameTables(groups: readonly Group[], capabilities: NftCapabilities, ipsets: IpSets): NftablesRuleset {
  const marks = shareMarkBits(capabilities.markMask)
  if (marks === undefined) throw new Error('the mark mask has fewer than four bits')
  const limits = shareLimitMarks(groups, marks)
  if (limits === undefined) throw new Error('the mark mask has fewer bits than there are NICs with limits')
  const chains = groups.flatMap((group) => [...group.chains, ...namingChains(group, limits)])
  const needs = needsOf(groups)
  const named = [...ipsets.values()].map(nftSetOf).filter((set) => set !== 'overlap')
  const maps = [...fastMapsOf(groups), ...mapsOf(groups)]
  const bridge: NftTable = {
    family: 'bridge',
    name: TABLE,
    counters: countersOf(chains),
    sets: [...maps, ...setsOf(groups), ...usedIn(chains, named), ...sameBytes(chains)],
    chains: [...baseChains({ maps: new Set(maps.map(({ name }) => name)), marks, limits, needs }), ...chains],
  }
  const versions = VERSIONS.filter((version) => Object.values(needs[version]).some((isNeeded) => isNeeded))
  return {
    kind: 'nftables-ruleset',
    tables: [
      bridge,
      ...versions.map((version) => ipTable(version, { marks, limits, needs: needs[version], groups, named })),
    ],
    bridgeNetfilter: versions,
  }
}

const VERSIONS: readonly IpVersion[] = ['ip', 'ip6']
type AllNeeds = Group['needs']

function needsOf(groups: readonly Group[]): AllNeeds {
  const of = (version: IpVersion) => ({
    tracks: groups.some(({ needs }) => needs[version].tracks),
    rejects: groups.some(({ needs }) => needs[version].rejects),
    limits: groups.some(({ needs }) => needs[version].limits),
  })
  return { ip: of('ip'), ip6: of('ip6') }
}

/** Where a NIC with limits is named in the mark, for its chains in the hooks of IP. */
function namingChains({ name, limited }: Group, limits: LimitMarks): readonly NftChain[] {
  return limited.map(({ chain, side, version }) => {
    const { mask, values } = limits[side]
    const statement = { kind: 'set-mark', mask, value: values.get(name) ?? 0, verdict: 'return' } as const
    const naming = rule([], statement, `its connections are counted in table ${version} ${TABLE}`)
    return { name: chain, base: undefined, comment: undefined, rules: [naming] }
  })
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
