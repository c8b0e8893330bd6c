import type { Filter } from '../nwfilter/filter.ts'
import type { FilterGraph } from './filter-graph.ts'
import { findCycles } from './find-cycles.ts'

/** Builds the graph of references. Of two filters with one name the later counts. */
export function buildGraph(list: Iterable<Filter>): FilterGraph {
  const filters = new Map([...list].map((filter) => [filter.name, filter]))
  const references = new Map<string, readonly string[]>()
  const dependents = new Map<string, string[]>()
  for (const [name, filter] of filters) {
    const names = [...new Set(filter.entries.flatMap((entry) => (entry.kind === 'filterref' ? [entry.filter] : [])))]
    references.set(name, names)
    for (const referenced of names) {
      const list = dependents.get(referenced)
      if (list === undefined) dependents.set(referenced, [name])
      else list.push(name)
    }
  }
  const missing = [...dependents.keys()].filter((name) => !filters.has(name))
  return { filters, references, dependents, missing, cycles: findCycles(references) }
}
