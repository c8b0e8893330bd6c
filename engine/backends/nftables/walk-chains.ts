import type { Origin } from '../../placement/placement.ts'
import type { NftChain, NftMatch, NftRule } from './ruleset.ts'

/** What is known of a frame: its ethertype, and in which sets its interface is with a field of it. */
export type Facts = {
  readonly etherType: string
  /** The set that is known to hold the interface with the field. */
  readonly sets: ReadonlyMap<string, string>
}
/** What every such frame meets on its way to an accept. */
export type Way = {
  readonly counters: readonly string[]
  readonly origins: readonly Origin[]
  /** Comparisons with constants that were taken to fail (or to hold, negated): values they name go another way. */
  readonly apart: readonly NftMatch[]
}

/** The way of all frames with these facts through a chain, where it is one way and ends in an accept; undefined where not. */
export function walkChains(chains: ReadonlyMap<string, NftChain>, entry: string, facts: Facts): Way | undefined {
  const counters: string[] = []
  const origins: Origin[] = []
  const apart: NftMatch[] = []
  const path: { readonly rules: readonly NftRule[]; next: number }[] = []
  const enter = (name: string) => path.push({ rules: chains.get(name)?.rules ?? [], next: 0 })
  enter(entry)
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const rule = top.rules[top.next]
    top.next += 1
    if (rule === undefined) {
      path.pop()
      continue
    }
    const truths = rule.matches.map((match) => truthOf(match, facts, apart))
    if (truths.includes('no')) continue
    if (truths.includes('unknown')) return undefined
    counters.push(...rule.counters)
    origins.push(...rule.origins)
    const { statement } = rule
    if (statement.kind === 'accept') return { counters, origins, apart }
    if (statement.kind === 'return') path.pop()
    else if (statement.kind === 'jump') enter(statement.chain)
    else if (statement.kind !== 'continue') return undefined
  }
  // Behind the last rule the base chain accepts.
  return { counters, origins, apart }
}

function truthOf(match: NftMatch, { etherType, sets }: Facts, apart: NftMatch[]): 'yes' | 'no' | 'unknown' {
  const said = (holds: boolean, op: '==' | '!=') => (holds === (op === '==') ? 'yes' : 'no')
  if (match.kind === 'compare' && match.field === 'ether type') return said(match.value === etherType, match.op)
  if (match.kind === 'lookup') {
    const [, field, ...more] = match.fields
    const isKnown = field !== undefined && more.length === 0 && sets.get(field) === match.set
    return isKnown ? said(true, match.op) : 'unknown'
  }
  if ((match.kind !== 'compare' && match.kind !== 'masked') || !sets.has(match.field)) return 'unknown'
  apart.push(match)
  return said(false, match.op)
}
