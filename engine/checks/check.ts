import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Filter } from '../nwfilter/filter.ts'

/** One check of a decoded filter; `others` are the filters it lives with, by name, without it. */
export type Check = (filter: Filter, others: ReadonlyMap<string, Filter>) => readonly Diagnostic[]
