import type { Filter } from '../nwfilter/filter.ts'

type Find<Found> = (filters: ReadonlyMap<string, Filter>, name: string) => Found

/** The same function, which keeps what it found for a set of filters: many bindings use one tree. */
export function rememberByFilters<Found>(find: Find<Found>): Find<Found> {
  const known = new WeakMap<ReadonlyMap<string, Filter>, Map<string, Found>>()
  return (filters, name) => {
    const ofFilters = known.get(filters) ?? new Map<string, Found>()
    known.set(filters, ofFilters)
    const before = ofFilters.get(name)
    if (before !== undefined || ofFilters.has(name)) return before as Found
    const found = find(filters, name)
    ofFilters.set(name, found)
    return found
  }
}
