import {
  type Binding,
  buildGraph,
  compileBinding,
  type Diagnostic,
  diagnoseFilter,
  type Filter,
  type FilterGraph,
  parseBinding,
  parseFilter,
  reachableFilters,
} from '#engine'
import { NO_VALUES, withLearned } from '../../agent/reconcile/learned-values.ts'
import { listBindings, type StoredBinding } from '../store/bindings.ts'
import { listFilters, type StoredFilter } from '../store/filters.ts'

export type CatalogFilter = {
  readonly stored: StoredFilter
  readonly filter: Filter | undefined
  readonly diagnostics: readonly Diagnostic[]
}
export type CatalogBinding = {
  readonly stored: StoredBinding
  readonly binding: Binding | undefined
  /** What was found in the text of the binding itself. */
  readonly found: readonly Diagnostic[]
  /** As it is before any address was learned. Undefined where it cannot be read. */
  readonly compiled: ReturnType<typeof compileBinding> | undefined
  readonly closure: readonly string[]
}

/** Everything that is desired, parsed and compiled once for each change of the store. */
export type Catalog = {
  readonly filters: ReadonlyMap<string, CatalogFilter>
  readonly bindings: ReadonlyMap<string, CatalogBinding>
  readonly graph: FilterGraph
}

type Kept = { revision: number; loaded: { readonly revision: number; readonly catalog: Promise<Catalog> } | undefined }
const keep = globalThis as { sluiceCatalog?: Kept }

function kept(): Kept {
  keep.sluiceCatalog ??= { revision: 0, loaded: undefined }
  return keep.sluiceCatalog
}

/** Says that the store was written; the next reader loads anew. */
export function forgetCatalog(): void {
  kept().revision += 1
}

export function loadCatalog(): Promise<Catalog> {
  const own = kept()
  if (own.loaded?.revision !== own.revision) own.loaded = { revision: own.revision, catalog: load() }
  return own.loaded.catalog
}

async function load(): Promise<Catalog> {
  const [filterRows, bindingRows] = await Promise.all([listFilters(), listBindings()])
  const parsed = new Map(
    filterRows.map((stored) => [stored.name, parseFilter(stored.xml, `filter:${stored.name}`).value]),
  )
  const known = new Map(
    [...parsed].flatMap(([name, filter]) => (filter === undefined ? [] : [[name, filter] as const])),
  )
  const graph = buildGraph(known.values())
  const filters = new Map(
    filterRows.map((stored) => [
      stored.name,
      {
        stored,
        filter: known.get(stored.name),
        diagnostics: diagnoseFilter(stored.xml, `filter:${stored.name}`, known),
      },
    ]),
  )
  const bindings = new Map(bindingRows.map((stored) => [stored.portDevice, compileStored(stored, known, graph)]))
  return { filters, bindings, graph }
}

function compileStored(
  stored: StoredBinding,
  filters: ReadonlyMap<string, Filter>,
  graph: FilterGraph,
): CatalogBinding {
  const { value: binding, diagnostics: found } = parseBinding(stored.xml, `binding:${stored.portDevice}`)
  if (binding === undefined) return { stored, binding, found, compiled: undefined, closure: [] }
  const compiled = compileBinding({ filters, binding: withLearned(binding, NO_VALUES), dialect: 'libvirt' })
  const closure = reachableFilters(graph, binding.filter).filter((name) => filters.has(name))
  return { stored, binding, found, compiled, closure }
}

/** The devices whose rules come from this filter, directly or through others. */
export function nicsUsing(catalog: Catalog, name: string): readonly string[] {
  return [...catalog.bindings.values()]
    .filter(({ closure }) => closure.includes(name))
    .map(({ stored }) => stored.portDevice)
}
