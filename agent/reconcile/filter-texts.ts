import { type Diagnostic, type Filter, hasErrors, type KnownShapes, parseFilter, positionsIn } from '#engine'
import type { DesiredStateInput } from '../link/contract.ts'

/** The filters of one or more devices, as they were sent. */
export type FilterTexts = readonly DesiredStateInput['filters'][number][]
/** The same, read: what devices with these filters have in common. */
export type ReadFilters = {
  readonly filters: ReadonlyMap<string, Filter>
  readonly known: KnownShapes
  readonly diagnostics: readonly Diagnostic[]
  /** The line of a place in its text, from 1. */
  readonly lineOf: (place: { readonly source: string; readonly span: { readonly start: number } }) => number
}

const MOST_KEPT = 64
const interned = new Map<string, FilterTexts>()
const read = new WeakMap<FilterTexts, ReadFilters>()

/** One object for equal texts, so that devices with the same filters share their work. */
export function internTexts(texts: FilterTexts): FilterTexts {
  if (read.has(texts)) return texts
  const key = JSON.stringify(texts)
  const known = interned.get(key) ?? texts
  interned.delete(key)
  interned.set(key, known)
  const [oldest] = interned.keys()
  if (interned.size > MOST_KEPT && oldest !== undefined) interned.delete(oldest)
  return known
}

/** Reads filters once. */
export function readTexts(texts: FilterTexts): ReadFilters {
  const before = read.get(texts)
  if (before !== undefined) return before
  const filters = new Map<string, Filter>()
  const diagnostics: Diagnostic[] = []
  for (const { name, xml } of texts) {
    const parsed = parseFilter(xml, `filter:${name}`)
    diagnostics.push(...parsed.diagnostics)
    // A filter with errors is as good as none: who refers to it is told so.
    if (parsed.value !== undefined && !hasErrors(parsed.diagnostics)) filters.set(parsed.value.name, parsed.value)
  }
  const positions = new Map<string, ReturnType<typeof positionsIn>>()
  const lineOf: ReadFilters['lineOf'] = ({ source, span }) => {
    const known = positions.get(source) ?? positionsIn(texts.find(({ name }) => source === `filter:${name}`)?.xml ?? '')
    positions.set(source, known)
    return known(span.start).line
  }
  const result: ReadFilters = { filters, known: new Map(), diagnostics, lineOf }
  read.set(texts, result)
  return result
}
