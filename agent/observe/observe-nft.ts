import { nftTable } from '#engine'
import { run } from '../exec/run.ts'
import type { ForeignChain } from '../link/contract.ts'
import type { NftObservation } from '../reconcile/observation.ts'
import { parseForeignChains } from './parse-foreign-chains.ts'
import { parseNftList } from './parse-nft-list.ts'
import { splitTables } from './split-tables.ts'

type Family = 'bridge' | 'ip' | 'ip6'

const NOTHING: NftObservation = {
  generation: undefined,
  chains: [],
  handles: new Map(),
  frame: '',
  own: [],
  counters: [],
  devices: new Map(),
}

/** Our tables, and what others have in the bridge's hooks; undefined where that cannot be listed. */
type Tables = { readonly nft: NftObservation; readonly foreign: readonly ForeignChain[] | undefined }

/**
 * Reads our tables; without the contents of their sets that costs the same for one NIC and for thousands. Where a table of an IP
 * version is gone that the bridge's rules need, nothing is as it was loaded, and there is no generation. Chains of those tables have
 * their family in front of their name.
 */
export async function observeNft(enter: readonly string[], isTerse: boolean): Promise<Tables> {
  const [ruleset, contents] = await Promise.all([
    readBridge(enter),
    isTerse ? undefined : readTable(enter, 'bridge', false),
  ])
  const foreign = parseForeignChains(ruleset)
  const ours = splitTables(ruleset).get(`bridge ${nftTable}`)
  const bridge = !isTerse ? contents : ours === undefined ? undefined : parseNftList(ours, true)
  return { nft: bridge === undefined ? NOTHING : await withOthers(bridge, enter), foreign }
}

/** The tables of IP versions beside that of the bridge. */
async function withOthers(bridge: NftObservation, enter: readonly string[]): Promise<NftObservation> {
  const needed = familiesOf(bridge)
  const others = await Promise.all(needed.map((family) => readTable(enter, family, true)))
  const inFamily = (at: number, name: string) => `${needed[at]} ${name}`
  const chains = others.flatMap((table, at) =>
    (table?.chains ?? []).map((chain) => ({ ...chain, name: inFamily(at, chain.name) })),
  )
  const handles = others.flatMap((table, at) =>
    [...(table?.handles ?? [])].map(([name, text]) => [inFamily(at, name), text] as const),
  )
  return {
    ...bridge,
    generation: others.includes(undefined) ? undefined : bridge.generation,
    chains: [...bridge.chains, ...chains],
    handles: new Map([...bridge.handles, ...handles]),
    frame: [bridge.frame, ...others.map((table) => table?.frame ?? '')].join('\n'),
    counters: sumOf([bridge, ...others].flatMap((table) => table?.counters ?? [])),
  }
}

/** The IP versions whose hooks rules of the bridge rely on: they speak to each other by the mark. */
function familiesOf({ chains }: NftObservation): readonly Family[] {
  const needed = (['ip', 'ip6'] as const).filter((family) =>
    chains.some(
      ({ name, rules }) =>
        (name.endsWith(`-${family}-out`) || name.endsWith(`-${family}-in`)) &&
        rules.some(({ text }) => text.includes('meta mark')),
    ),
  )
  return needed
}

/** One rule may count in several tables. */
function sumOf(counters: NftObservation['counters']): NftObservation['counters'] {
  const sums = new Map<string, NftObservation['counters'][number]>()
  for (const { name, packets, bytes } of counters) {
    const before = sums.get(name) ?? { packets: 0, bytes: 0 }
    sums.set(name, { name, packets: before.packets + packets, bytes: before.bytes + bytes })
  }
  return [...sums.values()]
}

/**
 * The tables of the bridge without contents of sets. `nft -t list table` reads those all the same, and only does not print them:
 * with a thousand NICs it takes ten times as long.
 */
async function readBridge(enter: readonly string[]): Promise<string> {
  const { status, stdout, stderr } = await run(['nft', '-a', '-t', 'list', 'ruleset', 'bridge'], { enter })
  if (status !== 0) throw new Error(`nft list: ${stderr.trim()}`)
  return stdout
}

async function readTable(
  enter: readonly string[],
  family: Family,
  isTerse: boolean,
): Promise<NftObservation | undefined> {
  const listed = await run(['nft', '-a', ...(isTerse ? ['-t'] : []), 'list', 'table', family, nftTable], { enter })
  if (listed.status === 0) return parseNftList(listed.stdout, isTerse)
  if (listed.stderr.includes('No such file or directory')) return undefined
  throw new Error(`nft list: ${listed.stderr.trim()}`)
}
