import { printMark, printMatch } from './print-match.ts'
import type { NftRule, NftStatement } from './ruleset.ts'

/** One rule as nft reads it, without the name of its chain. */
export function printRule({ matches, counters, statement, comment }: NftRule): string {
  const words = [
    ...matches.map(printMatch),
    ...counters.map((name) => `counter name "${name}"`),
    printStatement(statement),
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
      return `add @${statement.set} { ${statement.fields.join(' . ')} ct count ${statement.negated ? '' : 'over '}${statement.above} } ${statement.verdict}`
    default:
      return statement.kind
  }
}
