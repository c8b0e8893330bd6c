import type { Filter } from '../nwfilter/filter.ts'
import { treeOf } from './tree-of.ts'

/** Found before for these filters: many bindings use one tree. */
const known = new WeakMap<ReadonlyMap<string, Filter>, Map<string, ReadonlySet<string> | undefined>>()

/** Names of all variables that a filter and everything it includes read; undefined where something it includes is missing. */
export function treeVariables(filters: ReadonlyMap<string, Filter>, name: string): ReadonlySet<string> | undefined {
  const ofFilters = known.get(filters) ?? new Map<string, ReadonlySet<string> | undefined>()
  known.set(filters, ofFilters)
  if (!ofFilters.has(name)) ofFilters.set(name, findVariables(filters, name))
  return ofFilters.get(name)
}

function findVariables(filters: ReadonlyMap<string, Filter>, name: string): ReadonlySet<string> | undefined {
  const variables = new Set<string>()
  if (!filters.has(name)) return undefined
  for (const { entries } of treeOf(filters, name))
    for (const entry of entries) {
      if (entry.kind === 'rule') for (const { access } of entry.variables) variables.add(access.name)
      else if (!filters.has(entry.filter)) return undefined
    }
  return variables
}
