import { type Binding, compileBinding, type Dialect, type EbiptablesRuleset, type Filter, parseFilter } from '#engine'
import { bindingOf } from './compile-like-oracle.ts'

/** A filter that is bound to vnet0, with all it may refer to. */
export type BoundFilter = {
  readonly filters: ReadonlyMap<string, Filter>
  readonly binding: Binding
  readonly dialect: Dialect
  readonly ruleset: EbiptablesRuleset
}
export type FilterTexts = {
  readonly texts: readonly string[]
  /** The filter that is bound, by name; the first one without. */
  readonly root?: string
  readonly parameters?: Iterable<readonly [name: string, value: string]>
}

/** Compiles a filter of these texts; undefined where the dialect refuses it. No address is learned. */
export function compileRuleset(
  { texts, root, parameters = [] }: FilterTexts,
  dialect: Dialect = 'libvirt',
): BoundFilter | undefined {
  const parsed = texts.map((text, at) => parseFilter(text, `filter:#${at}`, dialect).value)
  const filters = new Map<string, Filter>()
  for (const filter of parsed) if (filter !== undefined && !filters.has(filter.name)) filters.set(filter.name, filter)
  const name = root ?? parsed[0]?.name
  if (name === undefined) return undefined
  const values = new Map<string, string[]>()
  for (const [key, value] of [...parameters, ['CTRL_IP_LEARNING', 'none'] as const])
    values.set(key, [...(values.get(key) ?? []), value])
  const binding = bindingOf(name, values, 'vnet0')
  const ruleset = compileBinding({ filters, binding, dialect }).value?.ruleset
  return ruleset === undefined ? undefined : { filters, binding, dialect, ruleset }
}
