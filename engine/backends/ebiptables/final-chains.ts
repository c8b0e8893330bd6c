import { chainName } from './chain-names.ts'
import type { EbtablesRuleset, Origin, Side } from './ruleset.ts'

export type FinalRule = {
  /** The arguments behind `-A CHAIN`. */
  readonly args: readonly string[]
  readonly text: string
  /** `CHAIN TEXT #N`: stable for as long as the rule reads the same. */
  readonly key: string
  /** Undefined for the jump into a sub-chain. */
  readonly origin: Origin | undefined
}
export type FinalChain = {
  readonly name: string
  readonly side: Side
  readonly suffix: string
  readonly rules: readonly FinalRule[]
}

/** The chains as they stand in the kernel after the switch, root chains first, sub-chains in the order of their jumps. */
export function finalChains(ruleset: EbtablesRuleset): readonly FinalChain[] {
  const { portDevice, sides, statements } = ruleset
  return sides.flatMap((side) => {
    const ofSide = statements.filter((statement) => statement.side === side)
    const suffixes = [
      'root',
      ...new Set(ofSide.flatMap((statement) => (statement.kind === 'jump' ? [statement.suffix] : []))),
    ]
    return suffixes.map((suffix) => {
      const name = chainName('final', side, portDevice, suffix)
      const counts = new Map<string, number>()
      const rules: FinalRule[] = []
      for (const statement of ofSide) {
        if ((statement.kind === 'jump' ? 'root' : statement.suffix) !== suffix) continue
        const args =
          statement.kind === 'jump'
            ? [...statement.selector, '-j', chainName('final', side, portDevice, statement.suffix)]
            : [...statement.matches, '-j', statement.target]
        const text = args.join(' ')
        const count = counts.get(text) ?? 0
        counts.set(text, count + 1)
        rules.push({
          args,
          text,
          key: `${name} ${text} #${count}`,
          origin: statement.kind === 'rule' ? statement.origin : undefined,
        })
      }
      return { name, side, suffix, rules }
    })
  })
}
