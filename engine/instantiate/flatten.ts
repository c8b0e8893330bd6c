import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { report } from '../diagnostics/report.ts'
import type { Binding } from '../nwfilter/binding.ts'
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
  enter(undefined, binding, environment)
  for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
    const entry = top.filter.entries[top.next]
    if (entry === undefined) path.pop()
    else if (entry.kind === 'filterref') enter(top, entry, overlay(entry.parameters, top.environment))
    else rules.push({ filter: top.filter, rule: entry, entry: top.next, environment: top.environment })
    top.next += 1
    if (rules.length > MAX_RULES) {
      diagnostics.push(
        report('NWF320', binding.source, binding.filterSpan, `The filter tree has more than ${MAX_RULES} rules.`),
      )
      break
    }
  }
  return { rules, diagnostics }

  function enter(
    from: Visit | undefined,
    reference: Pick<FilterRef, 'filter' | 'filterSpan'>,
    known: Environment,
  ): void {
    const source = from?.filter.source ?? binding.source
    const filter = filters.get(reference.filter)
    if (filter === undefined)
      diagnostics.push(
        report('NWF202', source, reference.filterSpan, `referenced filter '${reference.filter}' is missing`),
      )
    else if (path.some((visit) => visit.filter === filter)) {
      const loop = [...path.map((visit) => visit.filter.name), filter.name].slice(
        path.findIndex((visit) => visit.filter === filter),
      )
      diagnostics.push(
        report('NWF204', source, reference.filterSpan, `The reference closes a loop: ${loop.join(' → ')}.`),
      )
    } else path.push({ filter, environment: known, next: 0 })
  }
}
