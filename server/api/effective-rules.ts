import {
  type EbiptablesRuleset,
  type FinalChain,
  type FinalIpChain,
  type FinalRule,
  finalChains,
  finalIpChains,
  type IpSide,
  positionAt,
} from '#engine'

/** One row of the rules as a packet meets them. `depth` 1 stands in a sub-chain, behind the jump that leads there. */
export type EffectiveRule = {
  readonly tool: 'ebtables' | 'iptables' | 'ip6tables'
  readonly side: IpSide
  readonly chain: string
  readonly depth: 0 | 1
  readonly match: string
  readonly target: string
  /** The jump into a sub-chain is no rule of a filter. */
  readonly jump: boolean
  readonly key: string
  readonly filter: string | null
  readonly line: number | null
}

/**
 * Flattens chains in packet order: the sub-chain follows the jump into it, and the IP layer follows the Ethernet layer. `textOf`
 * gives a filter's text by name.
 */
export function effectiveRules(
  ruleset: EbiptablesRuleset,
  textOf: (filter: string) => string,
): readonly EffectiveRule[] {
  const chains = finalChains(ruleset)
  const ethernet = chains
    .filter(({ suffix }) => suffix === 'root')
    .flatMap((root) => root.rules.flatMap((rule) => rowsOf(root, rule, chains, textOf)))
  const ip = finalIpChains(ruleset).flatMap((chain) => chain.rules.map((rule) => toRow(chain, rule, textOf)))
  return [...ethernet, ...ip]
}

function rowsOf(
  chain: FinalChain,
  rule: FinalRule,
  chains: readonly FinalChain[],
  textOf: (filter: string) => string,
): readonly EffectiveRule[] {
  const row = toRow(chain, rule, textOf)
  const sub = rule.origin === undefined ? chains.find(({ name }) => name === row.target) : undefined
  return [row, ...(sub?.rules ?? []).map((inner) => ({ ...toRow(sub ?? chain, inner, textOf), depth: 1 as const }))]
}

function toRow(
  { tool, name, side }: FinalChain | FinalIpChain,
  { args, key, origin }: FinalRule,
  textOf: (filter: string) => string,
): EffectiveRule {
  const filter = origin?.filter ?? null
  return {
    tool,
    side,
    chain: name,
    depth: 0,
    match: args.slice(0, -2).join(' '),
    target: args.at(-1) ?? '',
    jump: origin === undefined,
    key,
    filter,
    line: origin === undefined ? null : positionAt(textOf(origin.filter), origin.span.start).line,
  }
}
