import {
  type EbiptablesRuleset,
  type FinalChain,
  type FinalIpChain,
  type FinalRule,
  finalChains,
  finalIpChains,
  type NftablesRuleset,
  type NftRow,
  type Origin,
  positionAt,
  rowsOfDevice,
} from '#engine'

/** One row of the rules as a packet meets them. `depth` 1 stands in a sub-chain, behind the jump that leads there. */
type EffectiveRule = {
  readonly chain: string
  readonly depth: 0 | 1
  readonly match: string
  readonly target: string
  /** The jump into a sub-chain is no rule of a filter. */
  readonly jump: boolean
  /** The counter that this rule raises; null where it has none. */
  readonly key: string | null
  readonly filter: string | null
  readonly line: number | null
  /** It stands until an address is learned, and comes from no filter of anybody. */
  readonly isTemporary: boolean
}
/** The rules of one way through the kernel; none: everything passes there. */
export type RuleSection = {
  readonly title: string
  readonly direction: 'from-guest' | 'to-guest'
  readonly rules: readonly EffectiveRule[]
}
/** The text of a filter; undefined for none that is known. */
type TextOf = (filter: string) => string | undefined

const EBTABLES = [
  { side: 'from-guest', title: 'Out: from the guest (ebtables, PREROUTING)' },
  { side: 'to-guest', title: 'In: to the guest (ebtables, POSTROUTING)' },
] as const
const IP = [
  { side: 'from-guest', direction: 'from-guest', title: (tool: string) => `Out: from the guest (${tool}, FORWARD)` },
  {
    side: 'to-host',
    direction: 'from-guest',
    title: (tool: string) => `Out: from the guest to this host (${tool}, INPUT)`,
  },
  { side: 'to-guest', direction: 'to-guest', title: (tool: string) => `In: to the guest (${tool}, FORWARD)` },
] as const
const NFTABLES: readonly (readonly [place: string, direction: RuleSection['direction'], title: string])[] = [
  ['ethernet from-guest', 'from-guest', 'Out: every frame from the guest (bridge, prerouting)'],
  ['ip from-guest', 'from-guest', 'Out: IPv4 from the guest (bridge, forward and input)'],
  ['ip6 from-guest', 'from-guest', 'Out: IPv6 from the guest (bridge, forward and input)'],
  ['ip to-guest', 'to-guest', 'In: IPv4 to the guest (bridge, forward)'],
  ['ip limited-to-guest', 'to-guest', 'In: IPv4 to the guest, with limits (ip, forward)'],
  ['ip6 to-guest', 'to-guest', 'In: IPv6 to the guest (bridge, forward)'],
  ['ip6 limited-to-guest', 'to-guest', 'In: IPv6 to the guest, with limits (ip6, forward)'],
  ['ethernet to-guest', 'to-guest', 'In: every frame to the guest (bridge, postrouting)'],
]

/** What libvirt's layout makes of a filter, in packet order: the sub-chain follows the jump into it, the IP layer the Ethernet layer. */
export function ebiptablesSections(ruleset: EbiptablesRuleset, textOf: TextOf): readonly RuleSection[] {
  const chains = finalChains(ruleset)
  const ipChains = finalIpChains(ruleset)
  const ethernet = EBTABLES.map(({ side, title }): RuleSection => {
    const root = chains.find((chain) => chain.side === side && chain.suffix === 'root')
    const rules = root?.rules.flatMap((rule) => rowsOf(root, rule, chains, textOf)) ?? []
    return { title, direction: side, rules }
  })
  const ip = ruleset.shape.ip.flatMap(({ tool }) =>
    IP.map(({ side, direction, title }): RuleSection => {
      const chain = ipChains.find((one) => one.tool === tool && one.side === side)
      const rules = chain?.rules.map((rule) => toRow(chain, rule, textOf)) ?? []
      return { title: title(tool), direction, rules }
    }),
  )
  return [...ethernet, ...ip]
}

/** What our nftables ruleset makes of it. Ways that no rule of the filter stands in are left out, but for those of every frame. */
export function nftablesSections(ruleset: NftablesRuleset, portDevice: string, textOf: TextOf): readonly RuleSection[] {
  const sections = new Map(rowsOfDevice(ruleset, portDevice).map(({ place, rows }) => [place, rows]))
  return NFTABLES.flatMap(([place, direction, title]) => {
    const rows = sections.get(place)
    if (rows === undefined && !place.startsWith('ethernet')) return []
    return [{ title, direction, rules: (rows ?? []).map((row) => fromNft(row, textOf)) }]
  })
}

function fromNft({ chain, depth, match, statement, isJump, counter, origin }: NftRow, textOf: TextOf): EffectiveRule {
  const target = isJump
    ? statement.replace(/^(?:jump|goto) /, '')
    : statement.startsWith('meta mark set')
      ? 'reject'
      : statement
  return { chain, depth, match, target, jump: isJump, key: counter ?? null, ...placeOf(origin, textOf) }
}

function placeOf(origin: Origin | undefined, textOf: TextOf): Pick<EffectiveRule, 'filter' | 'line' | 'isTemporary'> {
  const text = origin && textOf(origin.filter)
  if (origin === undefined || text === undefined) return { filter: null, line: null, isTemporary: origin !== undefined }
  return { filter: origin.filter, line: positionAt(text, origin.span.start).line, isTemporary: false }
}

function rowsOf(
  chain: FinalChain,
  rule: FinalRule,
  chains: readonly FinalChain[],
  textOf: TextOf,
): readonly EffectiveRule[] {
  const row = toRow(chain, rule, textOf)
  const sub = rule.origin === undefined ? chains.find(({ name }) => name === row.target) : undefined
  return [row, ...(sub?.rules ?? []).map((inner) => ({ ...toRow(sub ?? chain, inner, textOf), depth: 1 as const }))]
}

function toRow({ name }: FinalChain | FinalIpChain, { args, key, origin }: FinalRule, textOf: TextOf): EffectiveRule {
  return {
    chain: name,
    depth: 0,
    match: args.slice(0, -2).join(' '),
    target: args.at(-1) ?? '',
    jump: origin === undefined,
    key,
    ...placeOf(origin, textOf),
  }
}
