import type { IpSide, Origin, Side } from '../../placement/placement.ts'
import { chainParts, ipChainParts } from './chain-names.ts'
import { IP_SIDES, type IpTool } from './print-links.ts'
import type { EbiptablesRuleset, IpLayer, IptablesRule } from './ruleset.ts'
import { type Words, wordsOfRuleset } from './words.ts'

/** One rule of a chain as it stands in the kernel. */
export type FinalRule = {
  /** The arguments behind `-A CHAIN`. */
  readonly args: readonly string[]
  readonly text: string
  /** `CHAIN TEXT #N`: stable for as long as the rule reads the same. */
  readonly key: string
  /** Undefined for the jump into a sub-chain. */
  readonly origin: Origin | undefined
}
type Chain<Tool, Where> = {
  readonly tool: Tool
  readonly name: string
  readonly side: Where
  readonly suffix: string
  readonly rules: readonly FinalRule[]
}
/** A chain of ebtables; `suffix` is `root` or the sub-chain's. */
export type FinalChain = Chain<'ebtables', Side>
/** A chain of iptables or ip6tables; it has no sub-chains. */
export type FinalIpChain = Chain<IpTool, IpSide>

/** The ebtables chains as they stand in the kernel after the switch, root chains first, sub-chains in the order of their jumps. */
export function finalChains(ruleset: EbiptablesRuleset): readonly FinalChain[] {
  const words = wordsOfRuleset(ruleset)
  const { sides, ethernet } = ruleset.shape
  return sides.flatMap((side) => {
    const ofSide = ethernet.filter((statement) => statement.side === side)
    const jumps = ofSide.flatMap((statement) => (statement.kind === 'jump' ? [statement.suffix] : []))
    return ['root', ...new Set(jumps)].map((suffix) => {
      const name = words.chain(chainParts('final', side, suffix))
      const rules = ofSide
        .filter((statement) => (statement.kind === 'jump' ? 'root' : statement.suffix) === suffix)
        .map((statement) =>
          statement.kind === 'jump'
            ? {
                args: [...statement.selector, '-j', words.chain(chainParts('final', side, statement.suffix))],
                origin: undefined,
              }
            : toRule(statement, words),
        )
      return { tool: 'ebtables', name, side, suffix, rules: keyed(name, rules) }
    })
  })
}

/** The chains of the IP layer as they stand after the switch; none of a tool that is not used. */
export function finalIpChains(ruleset: EbiptablesRuleset): readonly FinalIpChain[] {
  const words = wordsOfRuleset(ruleset)
  return ruleset.shape.ip.flatMap((layer) => ofLayer(layer, words))
}

function ofLayer({ tool, rules }: IpLayer, words: Words<string>): readonly FinalIpChain[] {
  return IP_SIDES.map((side) => {
    const name = words.chain(ipChainParts('final', side))
    const ofSide = rules.filter((rule) => rule.side === side).map((rule) => toRule(rule, words))
    return { tool, name, side, suffix: 'root', rules: keyed(name, ofSide) }
  })
}

type Bare = { readonly args: readonly string[]; readonly origin: Origin | undefined }

function toRule(
  { matches, target, origin }: Pick<IptablesRule, 'matches' | 'target' | 'origin'>,
  words: Words<string>,
): Bare {
  return { args: [...matches.map(words.fill), '-j', target], origin }
}

function keyed(chain: string, rules: readonly Bare[]): readonly FinalRule[] {
  const counts = new Map<string, number>()
  return rules.map(({ args, origin }) => {
    const text = args.join(' ')
    const count = counts.get(text) ?? 0
    counts.set(text, count + 1)
    return { args, text, key: `${chain} ${text} #${count}`, origin }
  })
}
