import { nftTable } from '#engine'
import type { TableChange } from './table-change.ts'

/** Programs that are known by the name of their process, which the kernel cuts at 15 letters. */
const PROGRAMS: readonly (readonly [RegExp, string])[] = [
  [/^firewalld$/, 'firewalld was reloaded or restarted (firewall-cmd --reload)'],
  [/^iptables-restor|^iptables-nft-r|^xtables-nft-mu/, 'iptables-restore'],
  [/^ip6tables-resto|^ip6tables-nft-/, 'ip6tables-restore'],
  [/^ebtables/, 'ebtables'],
  [/^iptables/, 'iptables'],
  [/^ip6tables/, 'ip6tables'],
  [/^dockerd$/, 'Docker'],
  [/^libvirtd$|^virtnwfilterd$|^virtnetworkd$/, 'libvirt'],
  [/^ufw/, 'ufw'],
]

/** The cause of what was found by looking, before anything was heard. */
export const UNKNOWN_CAUSE = 'Unknown: it happened while nobody watched.'

/**
 * Whether a transaction is, or may be, about tables of ours. `nft monitor` says nothing of elements of sets that it has not seen come,
 * and tells of a transaction without content then.
 */
export function touchesOurs({ tables }: TableChange): boolean {
  return tables.size === 0 || [...tables.keys()].some((key) => key.endsWith(` ${nftTable}`))
}

/**
 * The likely cause of a drift in a sentence: the program behind the last transaction that somebody else gave to our tables, and
 * what it did. Undefined stands for none that was seen.
 */
export function causeOf(change: TableChange | undefined): string {
  if (change === undefined) return UNKNOWN_CAUSE
  const { process } = change
  const known = process && PROGRAMS.find(([name]) => name.test(process.name))?.[1]
  const did = whatItDid(change)
  if (process === undefined) return `Somebody ${did}.`
  const who = `${process.name}, process ${process.pid}`
  return known === undefined ? `${who}, ${did}.` : `Likely ${known}: ${who}, ${did}.`
}

function whatItDid({ tables }: TableChange): string {
  if (tables.size === 0) return 'changed something that nft does not tell of, as elements of a set'
  const ours = [...tables].filter(([key]) => key.endsWith(` ${nftTable}`))
  const did = (what: string) => ours.find(([, { counts }]) => counts.has(what))
  const count = (what: string) => ours.reduce((sum, [, { counts }]) => sum + (counts.get(what) ?? 0), 0)
  const nameOf = (what: string) => did(what)?.[1].names.get(what) ?? ''
  if (did('delete table') !== undefined) {
    const others = [...tables].filter(
      ([key, { counts }]) => !key.endsWith(` ${nftTable}`) && counts.has('delete table'),
    )
    return others.length > 0 ? 'flushed the whole ruleset (nft flush ruleset)' : 'deleted our tables'
  }
  if (did('delete chain') !== undefined) return `deleted chain ${nameOf('delete chain')}`
  if (did('delete rule') !== undefined && did('add rule') === undefined && did('insert rule') === undefined)
    return `deleted ${several(count('delete rule'), 'rule')} of ${nameOf('delete rule')}`
  if (did('insert rule') !== undefined)
    return `put ${several(count('insert rule'), 'rule')} first into ${nameOf('insert rule')}`
  if (did('add rule') !== undefined) return `put ${several(count('add rule'), 'rule')} into ${nameOf('add rule')}`
  if (did('replace rule') !== undefined) return `replaced a rule of ${nameOf('replace rule')}`
  if (did('delete element') !== undefined)
    return `took ${several(count('delete element'), 'element')} out of ${nameOf('delete element')}`
  if (did('add element') !== undefined)
    return `put ${several(count('add element'), 'element')} into ${nameOf('add element')}`
  if (did('add chain') !== undefined) return `added or changed chain ${nameOf('add chain')}`
  return 'changed something in our tables'
}

function several(count: number, what: string): string {
  return count === 1 ? `a${/^[aeiou]/.test(what) ? 'n' : ''} ${what}` : `${count} ${what}s`
}
