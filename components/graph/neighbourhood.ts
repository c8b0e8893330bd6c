import type { GraphEdge } from './layout-graph.ts'

/** The names at most `depth` references up or down from `focus`, itself first. */
export function neighbourhood(focus: string, edges: readonly GraphEdge[], depth: number): readonly string[] {
  const walk = (next: (name: string) => readonly string[]) => {
    let front = [focus]
    const seen = new Set(front)
    for (let level = 0; level < depth; level += 1) {
      front = front.flatMap(next).filter((name) => !seen.has(name))
      for (const name of front) seen.add(name)
    }
    return seen
  }
  const down = walk((name) => edges.flatMap(({ from, to }) => (from === name ? [to] : [])))
  const up = walk((name) => edges.flatMap(({ from, to }) => (to === name ? [from] : [])))
  return [...new Set([...down, ...up])]
}
