import type { Origin } from '../../placement/placement.ts'
import { MAPS } from './maps.ts'
import { printMatch } from './print-match.ts'
import { printLimit, printStatement } from './print-rule.ts'
import type { NftablesRuleset, NftChain } from './ruleset.ts'

/** One rule on the way of a frame. `depth` 1 stands in a sub-chain, behind the jump that leads there. */
export type NftRow = {
  readonly chain: string
  readonly depth: 0 | 1
  /** The conditions as nft reads them; empty for every frame. */
  readonly match: string
  readonly statement: string
  readonly isJump: boolean
  readonly counter: string | undefined
  readonly origin: Origin | undefined
}
/** Where frames of a device enter, `LAYER SIDE`, and what they meet there, in order. */
export type NftSection = { readonly place: string; readonly rows: readonly NftRow[] }

/** The rules of one device in the order in which its frames meet them; no section where it has none. */
export function rowsOfDevice({ tables }: NftablesRuleset, portDevice: string): readonly NftSection[] {
  const [bridge] = tables
  const inIp = tables.slice(1)
  const chains = new Map(bridge?.chains.map((chain) => [chain.name, chain]))
  return Object.entries(MAPS).flatMap(([place, { name }]) => {
    const map = bridge?.sets.find((set) => set.name === name)
    const entry = map?.elements.find(({ key }) => key[0] === portDevice)?.verdict?.chain
    const chain = entry === undefined ? undefined : chains.get(entry)
    if (chain === undefined) return []
    const rows = chain.rules.flatMap((rule, at): readonly NftRow[] => {
      const row = toRow(chain, at, 0)
      const { statement } = rule
      const sub = statement.kind === 'jump' ? chains.get(statement.chain) : undefined
      return [row, ...(sub?.rules ?? []).map((_, index) => toRow(sub ?? chain, index, 1))]
    })
    // What names a NIC in the mark has the rules in the table of its IP version, under the same name.
    const counted = inIp
      .filter(({ family }) => place.startsWith(`${family} `))
      .flatMap(({ family, chains: all }) =>
        all.filter((one) => one.name === entry).map((one) => ({ ...one, name: `${family} ${one.name}` })),
      )
    if (counted.length > 0)
      return [{ place, rows: counted.flatMap((one) => one.rules.map((_, at) => toRow(one, at, 0))) }]
    return [{ place, rows }]
  })
}

function toRow({ name, rules }: NftChain, at: number, depth: 0 | 1): NftRow {
  const rule = rules[at]
  if (rule === undefined) throw new Error(`${name} has no rule ${at}`)
  const { statement } = rule
  const limit = statement.kind === 'limit' ? [printLimit(statement)] : []
  return {
    chain: name,
    depth,
    match: [...rule.matches.map(printMatch), ...limit].join(' '),
    statement: statement.kind === 'limit' ? statement.verdict : printStatement(statement),
    isJump: statement.kind === 'jump' || statement.kind === 'goto',
    counter: rule.counters[0],
    origin: rule.origins[0],
  }
}
