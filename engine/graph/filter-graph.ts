import type { Filter } from '../nwfilter/filter.ts'

/** Filters and their references. Names in `references` and `dependents` stand in order of first mention, each once. */
export type FilterGraph = {
  readonly filters: ReadonlyMap<string, Filter>
  readonly references: ReadonlyMap<string, readonly string[]>
  readonly dependents: ReadonlyMap<string, readonly string[]>
  /** Names that are referenced but not there. */
  readonly missing: readonly string[]
  /** Each loop once, as the names on it beginning with the first that was met. */
  readonly cycles: readonly (readonly string[])[]
}
