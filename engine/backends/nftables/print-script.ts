import { TABLE } from './frame-tables.ts'
import { printTable } from './print-table.ts'
import type { NftablesRuleset } from './ruleset.ts'

/**
 * The whole text of one `nft -f` that brings any state of the kernel to this one: our tables go and come in one transaction, so
 * that no packet meets a part of them. Other tables are not named.
 */
export function printScript({ tables }: NftablesRuleset): string {
  const fresh = (['bridge', 'ip', 'ip6'] as const).map(
    (family) => `add table ${family} ${TABLE}\ndelete table ${family} ${TABLE}\n`,
  )
  return `${fresh.join('')}\n${tables.map(printTable).join('\n')}`
}

/** The chain whose comment says which state the tables hold. It has no rules and nobody jumps to it. */
export const GENERATION = 'generation'

/** Behind a change: the tables hold the state with this hash now. */
export function printGenerationMark(hash: string, isFirst: boolean): string {
  const gone = isFirst ? '' : `delete chain bridge ${TABLE} ${GENERATION}\n`
  return `${gone}add chain bridge ${TABLE} ${GENERATION} { comment "${hash}"; }\n`
}
