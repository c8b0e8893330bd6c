import type { FilterGraph } from './filter-graph.ts'

/** The filter and everything it references, at any depth, each once, nearest first. */
export function reachableFilters(graph: FilterGraph, name: string): readonly string[] {
  return reach(name, (at) => graph.references.get(at) ?? [])
}

/** The filter and everything that refers to it, at any depth: whoever changes with it. */
export function affectedFilters(graph: FilterGraph, name: string): readonly string[] {
  return reach(name, (at) => graph.dependents.get(at) ?? [])
}

function reach(start: string, next: (name: string) => readonly string[]): readonly string[] {
  const seen = new Set([start])
  for (const name of seen) for (const neighbour of next(name)) seen.add(neighbour)
  return [...seen]
}
