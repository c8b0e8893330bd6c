import type { Parameters } from '../nwfilter/filter.ts'
import type { VariableAccess } from '../protocols/attribute-value.ts'

/** The value of each access, by `accessKey`. */
export type Combination = ReadonlyMap<string, string>

type Wheel = { readonly id: number | undefined; readonly accesses: VariableAccess[] }

export function accessKey({ name, access, id }: VariableAccess): string {
  return `${access} ${id} ${name}`
}

/**
 * Every combination of values, in libvirt's order: accesses of one iterator advance together on a wheel, an index is a wheel
 * that stands still, the first wheel turns fastest, and a tuple that occurred earlier on its wheel is skipped. Undefined
 * when lists on one wheel differ in length. Spec 3.4.
 */
export function combineValues(
  accesses: readonly VariableAccess[],
  parameters: Parameters,
): readonly Combination[] | undefined {
  const wheels: Wheel[] = [{ id: 0, accesses: [] }]
  for (const access of accesses) {
    const wheel = access.access === 'iterator' ? wheels.find(({ id }) => id === access.id) : undefined
    if (wheel !== undefined) wheel.accesses.push(access)
    else wheels.push({ id: access.access === 'iterator' ? access.id : undefined, accesses: [access] })
  }
  let combinations: readonly (readonly (readonly [string, string])[])[] = [[]]
  for (const wheel of wheels) {
    const positions = positionsOf(wheel, parameters)
    if (positions === undefined) return undefined
    // The wheels before this one turn faster: they run through for each of its positions.
    const before = combinations
    combinations = positions.flatMap((position) => before.map((combination) => [...combination, ...position]))
  }
  return combinations.map((pairs) => new Map(pairs))
}

function positionsOf(
  { id, accesses }: Wheel,
  parameters: Parameters,
): readonly (readonly (readonly [string, string])[])[] | undefined {
  const lists = accesses.map((access) => parameters.get(access.name) ?? [])
  if (id === undefined)
    return [accesses.map((access, at) => [accessKey(access), lists[at]?.[access.id] ?? ''] as const)]
  const length = lists[0]?.length
  if (length === undefined) return [[]]
  if (lists.some((list) => list.length !== length)) return undefined
  const seen = new Set<string>()
  return Array.from({ length }, (_, at) =>
    accesses.map((access, k) => [accessKey(access), lists[k]?.[at] ?? ''] as const),
  ).filter((tuple) => {
    const key = tuple.map(([, value]) => value).join('\u0000')
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}
