import type { Filter } from '../nwfilter/filter.ts'

/** The filter and everything it includes, in the order of the walk, each once. What is missing is left out. */
export function treeOf(filters: ReadonlyMap<string, Filter>, name: string): readonly Filter[] {
  const seen = new Set([name])
  const tree: Filter[] = []
  for (const next of seen) {
    const filter = filters.get(next)
    if (filter === undefined) continue
    tree.push(filter)
    for (const entry of filter.entries) if (entry.kind === 'filterref') seen.add(entry.filter)
  }
  return tree
}
