import type { Diagnostic, Fix } from '../diagnostics/diagnostic.ts'
import { report } from '../diagnostics/report.ts'
import type { Binding } from '../nwfilter/binding.ts'
import { closestName } from '../nwfilter/closest-name.ts'
import { escapeXml } from '../nwfilter/escape-xml.ts'
import type { Filter, FilterRef, Rule } from '../nwfilter/filter.ts'
import { type Environment, overlay } from './environment.ts'

/** A rule met on the walk, with the variables that are known there. */
export type FlatRule = {
  readonly filter: Filter
  readonly rule: Rule
  readonly entry: number
  readonly environment: Environment
}

/** A tree without sharing grows exponentially in its depth: libvirt walks it all, we say stop. */
const MAX_RULES = 100_000

type Visit = { readonly filter: Filter; readonly environment: Environment; next: number }

/**
 * Walks the tree depth first in document order; every reference counts, duplicates are kept. Outer parameters win over
 * inner ones. Missing filters and loops are errors. Spec 3.2, 4.2.
 */
export function flatten(
  filters: ReadonlyMap<string, Filter>,
  binding: Binding,
  environment: Environment,
): { readonly rules: readonly FlatRule[]; readonly diagnostics: readonly Diagnostic[] } {
  const rules: FlatRule[] = []
  const diagnostics: Diagnostic[] = []
  const path: Visit[] = []
  const enter = (from: Visit | undefined, reference: Reference, known: Environment) => {
    const source = from?.filter.source ?? binding.source
    const entered = resolve(filters, reference, path)
    if (typeof entered === 'object') path.push({ filter: entered, environment: known, next: 0 })
    else {
      // What stands in a filter is told with its guess when that is checked by itself.
      const fixes = entered === 'NWF202' && from === undefined ? guessFilter(filters, reference) : []
      const guess = fixes[0] === undefined ? '' : `. Did you mean ${fixes[0].title.slice('Use '.length)}?`
      const message = sayUnresolved(entered, reference, path) + guess
      diagnostics.push(report(entered, source, reference.filterSpan, message, { fixes }))
    }
  }
  enter(undefined, binding, environment)
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const entry = top.filter.entries[top.next]
    if (entry === undefined) path.pop()
    else if (entry.kind === 'filterref') enter(top, entry, overlay(entry.parameters, top.environment))
    else rules.push({ filter: top.filter, rule: entry, entry: top.next, environment: top.environment })
    top.next += 1
    if (rules.length <= MAX_RULES) continue
    const message = `The filter tree has more than ${MAX_RULES} rules.`
    diagnostics.push(report('NWF320', binding.source, binding.filterSpan, message))
    break
  }
  return { rules, diagnostics }
}

type Reference = Pick<FilterRef, 'filter' | 'filterSpan'>

/** The filter a reference leads to, or the code that says why it leads nowhere. */
function resolve(filters: ReadonlyMap<string, Filter>, reference: Reference, path: readonly Visit[]) {
  const filter = filters.get(reference.filter)
  if (filter === undefined) return 'NWF202'
  return path.some((visit) => visit.filter === filter) ? 'NWF204' : filter
}

/** The filter that is likely to be meant; a binding that was not read from a text has no place for it. */
function guessFilter(filters: ReadonlyMap<string, Filter>, { filter, filterSpan: span }: Reference): readonly Fix[] {
  const close = span.start === span.end ? undefined : closestName(filter, filters.keys())
  return close === undefined ? [] : [{ title: `Use ${close}`, span, text: escapeXml(close) }]
}

function sayUnresolved(code: 'NWF202' | 'NWF204', { filter }: Reference, path: readonly Visit[]): string {
  if (code === 'NWF202') return `referenced filter '${filter}' is missing`
  const names = [...path.map((visit) => visit.filter.name), filter]
  return `The reference closes a loop: ${names.slice(names.indexOf(filter)).join(' → ')}.`
}
