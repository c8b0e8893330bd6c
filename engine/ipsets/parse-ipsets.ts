import type { Diagnostic, Source, Staged } from '../diagnostics/diagnostic.ts'
import { hasErrors, report } from '../diagnostics/report.ts'
import type { Span } from '../diagnostics/span.ts'
import type { IpSet, IpSetDimension } from './ipset.ts'
import { readEntry } from './read-entry.ts'

/** Types whose meaning a set of nftables has, by the name of ipset(8). */
const TYPES: Readonly<Record<string, readonly IpSetDimension[]>> = {
  'hash:ip': ['address'],
  'hash:net': ['address'],
  'bitmap:ip': ['address'],
  'hash:mac': ['mac'],
  'bitmap:port': ['port'],
  'hash:ip,port': ['address', 'port'],
  'hash:net,port': ['address', 'port'],
  'hash:ip,mac': ['address', 'mac'],
}
/** Options that change nothing about what matches; those with a value take the next word with them. */
const HARMLESS = new Set(['counters', 'comment', 'forceadd'])
const HARMLESS_WITH_VALUE = new Set(['hashsize', 'maxelem', 'bucketsize', 'initval', 'range', 'packets', 'bytes'])

type Line = { readonly words: readonly string[]; readonly span: Span }
type Build = { readonly set: IpSet; readonly entries: IpSet['entries'][number][] }

/** Reads what `ipset save` writes. A set that nftables cannot hold exactly is an error: it would match something else. */
export function parseIpsets(text: string, source: Source): Staged<readonly IpSet[]> {
  const diagnostics: Diagnostic[] = []
  const sets = new Map<string, Build>()
  const tell = (span: Span, message: string) => diagnostics.push(report('NWF374', source, span, message))
  for (const { words, span } of linesOf(text)) {
    const [command, name = '', ...rest] = words
    const known = sets.get(name)
    if (command === 'create') {
      const set = readCreate(name, rest, { source, span })
      if (known !== undefined) tell(span, `The set ${name} is created twice.`)
      else if (typeof set === 'string') tell(span, set)
      else sets.set(name, { set, entries: [] })
    } else if (command !== 'add') tell(span, `“${command}” is no command of ipset save: create and add are.`)
    else if (known === undefined) tell(span, `The set ${name} is not created above.`)
    else {
      const [entry = '', ...options] = rest
      const problem = sayOption(options)
      const read = problem ?? readEntry(entry, known.set)
      if (typeof read === 'string') tell(span, read)
      else known.entries.push(...read)
    }
  }
  const value = [...sets.values()].map(({ set, entries }) => ({ ...set, entries }))
  return { value: hasErrors(diagnostics) ? undefined : value, diagnostics }
}

/** Lines with words; what stands in double quotes is one of them. */
function linesOf(text: string): readonly Line[] {
  const lines: Line[] = []
  for (const match of text.matchAll(/[^\r\n]+/g)) {
    const words = [...match[0].matchAll(/"([^"]*)"|\S+/g)].map(([word, quoted]) => quoted ?? word)
    if (words.length === 0 || words[0]?.startsWith('#')) continue
    lines.push({ words, span: { start: match.index, end: match.index + match[0].length } })
  }
  return lines
}

/** A set without entries, or why it cannot be one. */
function readCreate(
  name: string,
  [type = '', ...options]: readonly string[],
  place: { readonly source: Source; readonly span: Span },
): IpSet | string {
  const dimensions = TYPES[type]
  if (dimensions === undefined) return `nftables has no set like ${type}; there are ${Object.keys(TYPES).join(' ')}.`
  const at = options.indexOf('family')
  const word = at === -1 ? 'inet' : options[at + 1]
  const problem = sayOption(options.filter((_, index) => at === -1 || (index !== at && index !== at + 1)))
  if (problem !== undefined) return problem
  if (word !== 'inet' && word !== 'inet6') return `“${word}” is no family: inet and inet6 are.`
  const family = dimensions.includes('address') ? (word === 'inet' ? 'ip' : 'ip6') : undefined
  return { name, family, dimensions, entries: [], ...place }
}

/** An option that changes what matches, or when. */
function sayOption(options: readonly string[]): string | undefined {
  for (let at = 0; at < options.length; at += 1) {
    const option = options[at] ?? ''
    if (HARMLESS_WITH_VALUE.has(option)) at += 1
    else if (option === 'comment') at += options[at + 1] === undefined || HARMLESS.has(options[at + 1] ?? '') ? 0 : 1
    else if (!HARMLESS.has(option)) return `A set with “${option}” means something else than a set of nftables can say.`
  }
  return undefined
}
