import { TABLE } from './table.ts'

/**
 * Which state the tables hold: counters that count nothing, called after the number of the transaction, with the hash of the state
 * for a comment. The highest is the newest. To add one costs next to nothing, and to remove one makes nft wait for all
 * processors, so old ones go with the next transaction that removes something anyway.
 */
export type Generations = { readonly newest: number; readonly older: readonly number[] }

const PREFIX = 'generation.'
const MOST_OLDER = 64

/** The number of a mark, by the name of its counter; undefined for other counters. */
export function generationOf(counter: string): number | undefined {
  return counter.startsWith(PREFIX) ? Number(counter.slice(PREFIX.length)) : undefined
}

/** What ends a transaction, and the marks that stand behind it. `removes`: it waits anyway. */
export function markGeneration(
  hash: string,
  before: Generations | undefined,
  removes: boolean,
): { readonly text: string; readonly generations: Generations } {
  const newest = (before?.newest ?? 0) + 1
  const old = before === undefined ? [] : [...before.older, before.newest]
  const text = `table bridge ${TABLE} {\n\tcounter ${PREFIX}${newest} { comment "${hash}"; }\n}\n`
  if (!removes && old.length <= MOST_OLDER) return { text, generations: { newest, older: old } }
  const gone = old.map((number) => `delete counter bridge ${TABLE} ${PREFIX}${number}\n`)
  return { text: text + gone.join(''), generations: { newest, older: [] } }
}
