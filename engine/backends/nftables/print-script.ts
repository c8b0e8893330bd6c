import { printTable } from './print-table.ts'
import type { NftablesRuleset } from './ruleset.ts'
import { TABLE } from './table.ts'

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
