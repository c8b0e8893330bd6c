import type { Filter } from '../nwfilter/filter.ts'
import { rememberByFilters } from './remember.ts'
import { treeOf } from './tree-of.ts'

/** Names of all variables that a filter and everything it includes read; undefined where something it includes is missing. */
export const treeVariables = rememberByFilters(findVariables)

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
