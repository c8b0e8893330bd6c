import type { Span } from './diagnostics/span.ts'
import { buildGraph } from './graph/build-graph.ts'
import { reachableFilters } from './graph/reach.ts'
import type { Filter } from './nwfilter/filter.ts'
import { printVariableAccess } from './nwfilter/variable-access.ts'

/** A variable that a filter tree reads, and where. */
export type RequiredVariable = {
  readonly name: string
  /** Every way it is read, e.g. `IP`, `PORTS[@1]`. */
  readonly printed: readonly string[]
  readonly usedBy: readonly { readonly filter: string; readonly entry: number; readonly span: Span }[]
}

/** The variables that a filter and everything it references read, in the order of the walk. `MAC` is always given by the NIC. */
export function requiredVariables({
  filters,
  filter,
}: {
  readonly filters: ReadonlyMap<string, Filter>
  readonly filter: string
}): readonly RequiredVariable[] {
  const found = new Map<string, { printed: Set<string>; usedBy: { filter: string; entry: number; span: Span }[] }>()
  for (const name of reachableFilters(buildGraph(filters.values()), filter)) {
    for (const [entry, rule] of (filters.get(name)?.entries ?? []).entries()) {
      if (rule.kind !== 'rule') continue
      for (const { access, span } of rule.variables) {
        const variable = found.get(access.name) ?? { printed: new Set(), usedBy: [] }
        variable.printed.add(printVariableAccess(access))
        variable.usedBy.push({ filter: name, entry, span })
        found.set(access.name, variable)
      }
    }
  }
  return [...found].map(([name, { printed, usedBy }]) => ({ name, printed: [...printed], usedBy }))
}
