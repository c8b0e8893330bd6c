export type GraphEdge = { readonly from: string; readonly to: string }
export type Placed = { readonly name: string; readonly x: number; readonly y: number }

const COLUMN = 280
const ROW = 72
/** Rows between the layers and the filters that stand alone. */
const GAP = 1.6
const LEAST_COLUMNS = 3

/**
 * Where each filter stands on the map. Those that refer or are referred to form layers; the others stand below them, in as
 * many columns, so that they do not pull the layers apart.
 */
export function layoutGraph(names: readonly string[], edges: readonly GraphEdge[]): readonly Placed[] {
  const joined = new Set(edges.flatMap(({ from, to }) => [from, to]))
  const layered = layoutLayers(
    names.filter((name) => joined.has(name)),
    edges,
  )
  const below = layered.length === 0 ? 0 : Math.max(...layered.map(({ y }) => y)) + ROW * GAP
  const columns = Math.max(LEAST_COLUMNS, ...layered.map(({ x }) => x / COLUMN + 1))
  const alone = names.filter((name) => !joined.has(name)).toSorted(compare)
  const grid = alone.map((name, index) => ({
    name,
    x: (index % columns) * COLUMN,
    y: below + Math.floor(index / columns) * ROW,
  }))
  return [...layered, ...grid]
}

/**
 * Who refers stands left of what is referenced. Deterministic; loops are cut where they close. Within a column the order
 * follows the middle of each node's neighbours to the left, which keeps most edges from crossing.
 */
function layoutLayers(names: readonly string[], edges: readonly GraphEdge[]): readonly Placed[] {
  const layers = layersOf(names, edges)
  const depth = Math.max(0, ...layers.values())
  const rowOf = new Map<string, number>()
  const placed: Placed[] = []
  for (let layer = 0; layer <= depth; layer += 1) {
    const here = names.filter((name) => layers.get(name) === layer)
    const middle = (name: string) => {
      const rows = edges.flatMap(({ from, to }) => (to === name ? (rowOf.get(from) ?? []) : []))
      return rows.length === 0 ? Number.POSITIVE_INFINITY : rows.reduce((a, b) => a + b, 0) / rows.length
    }
    const middles = new Map(here.map((name) => [name, middle(name)]))
    const sorted = here.toSorted((a, b) => compare(middles.get(a) ?? 0, middles.get(b) ?? 0) || compare(a, b))
    for (const [row, name] of sorted.entries()) {
      rowOf.set(name, row)
      placed.push({ name, x: layer * COLUMN, y: row * ROW })
    }
  }
  return placed
}

function compare<T extends number | string>(a: T, b: T): number {
  return a < b ? -1 : a > b ? 1 : 0
}

/** The longest way from a node that nobody refers to, bounded by the number of nodes where there are loops. */
function layersOf(names: readonly string[], edges: readonly GraphEdge[]): ReadonlyMap<string, number> {
  const layers = new Map(names.map((name) => [name, 0]))
  for (let round = 0; round < names.length; round += 1) {
    let changed = false
    for (const { from, to } of edges) {
      const next = (layers.get(from) ?? 0) + 1
      if (next < names.length && (layers.get(to) ?? 0) < next && from !== to) {
        layers.set(to, next)
        changed = true
      }
    }
    if (!changed) break
  }
  return layers
}
