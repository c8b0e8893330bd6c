import { report } from '../diagnostics/report.ts'
import { buildGraph } from '../graph/build-graph.ts'
import type { Filter } from '../nwfilter/filter.ts'
import type { Check } from './check.ts'

/** A reference through which the filter reaches itself: libvirt refuses the definition. Spec 4.3. */
export const referenceLoops: Check = (filter, others) => {
  const graph = buildGraph([...others.values(), filter])
  return filter.entries.flatMap((entry) => {
    if (entry.kind !== 'filterref') return []
    const way = wayTo(graph.references, entry.filter, filter.name)
    if (way === undefined) return []
    const path = [filter.name, ...way].join(' → ')
    const related = way.slice(0, -1).flatMap((name, at) => relatedPlace(graph.filters.get(name), way[at + 1]))
    return [
      report(
        'NWF204',
        filter.source,
        entry.filterSpan,
        `This reference closes a loop: ${path}. libvirt refuses it (“filter would introduce a loop”).`,
        { related },
      ),
    ]
  })
}

function relatedPlace(filter: Filter | undefined, next: string | undefined) {
  const reference = filter?.entries.find((entry) => entry.kind === 'filterref' && entry.filter === next)
  if (filter === undefined || reference?.kind !== 'filterref') return []
  return [
    { source: filter.source, span: reference.filterSpan, message: `${filter.name} refers to ${reference.filter}` },
  ]
}

/** The names from `start` to `target` along references, both included, by the shortest way. */
function wayTo(
  references: ReadonlyMap<string, readonly string[]>,
  start: string,
  target: string,
): readonly string[] | undefined {
  const cameFrom = new Map<string, string | undefined>([[start, undefined]])
  for (const [name] of cameFrom) {
    if (name === target) {
      const way = [name]
      for (let at = cameFrom.get(name); at !== undefined; at = cameFrom.get(at)) way.unshift(at)
      return way
    }
    for (const next of references.get(name) ?? []) if (!cameFrom.has(next)) cameFrom.set(next, name)
  }
  return undefined
}
