import { printMark, printMatch } from './print-match.ts'
import type { NftRule, NftStatement } from './ruleset.ts'

/** One rule as nft reads it, without the name of its chain. */
export function printRule({ matches, counters, statement, comment }: NftRule): string {
  const counting = counters.map((name) => `counter name "${name}"`)
  const words = [
    ...matches.map(printMatch),
    // Only what is above the limit counts as matched.
    ...(statement.kind === 'limit'
      ? [printLimit(statement), ...counting, statement.verdict]
      : [...counting, printStatement(statement)]),
    ...(comment === undefined ? [] : [`comment "${comment}"`]),
  ]
  return words.join(' ')
}

/** What a rule does, as nft reads it. */
export function printStatement(statement: NftStatement): string {
  switch (statement.kind) {
    case 'jump':
    case 'goto':
      return `${statement.kind} ${statement.chain}`
    case 'vmap':
      return `${statement.fields.join(' . ')} vmap @${statement.map}`
    case 'set-mark':
      return `meta mark set meta mark & ${printMark(~statement.mask)}${statement.value === 0 ? '' : ` | ${printMark(statement.value)}`}${statement.verdict === undefined ? '' : ` ${statement.verdict}`}`
    case 'reject':
      return `reject with ${statement.version} port-unreachable`
    case 'limit':
      return `${printLimit(statement)} ${statement.verdict}`
    case 'mark-vmap': {
      const verdicts = statement.verdicts.map(({ value, chain }) => `${printMark(value)} : jump ${chain}`)
      return `meta mark & ${printMark(statement.mask)} vmap { ${verdicts.join(', ')} }`
    }
    default:
      return statement.kind
  }
}

/** The part of a limit that counts, which matches above it (or not above, negated). */
export function printLimit({ set, fields, above, negated }: Extract<NftStatement, { kind: 'limit' }>): string {
  return `add @${set} { ${fields.join(' . ')} ct count ${negated ? '' : 'over '}${above} }`
}
