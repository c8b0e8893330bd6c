import type { VariableAccess } from '../protocols/attribute-value.ts'
import { type Environment, sourceOf } from './environment.ts'
import type { ValueSource } from './rule-instance.ts'

/** Where the value of each access comes from, by `accessKey`. */
export type Combination = ReadonlyMap<string, ValueSource>

type Wheel = { readonly id: number | undefined; readonly accesses: VariableAccess[] }
type Position = readonly (readonly [key: string, source: ValueSource])[]

/** What tells two accesses apart: kind, id and name. Spec 3.4. */
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
  environment: Environment,
): readonly Combination[] | undefined {
  const wheels: Wheel[] = [{ id: 0, accesses: [] }]
  for (const access of accesses) {
    const wheel = access.access === 'iterator' ? wheels.find(({ id }) => id === access.id) : undefined
    if (wheel !== undefined) wheel.accesses.push(access)
    else wheels.push({ id: access.access === 'iterator' ? access.id : undefined, accesses: [access] })
  }
  let combinations: readonly Position[] = [[]]
  for (const wheel of wheels) {
    const positions = positionsOf(wheel, environment)
    if (positions === undefined) return undefined
    // The wheels before this one turn faster: they run through for each of its positions.
    const before = combinations
    combinations = positions.flatMap((position) => before.map((combination) => [...combination, ...position]))
  }
  return combinations.map((pairs) => new Map(pairs))
}

function positionsOf({ id, accesses }: Wheel, environment: Environment): readonly Position[] | undefined {
  const at = (index: number): Position =>
    accesses.map((access) => [accessKey(access), sourceOf(access.name, index, environment)] as const)
  if (id === undefined) return [at(accesses[0]?.id ?? 0)]
  const lists = accesses.map((access) => environment.get(access.name)?.values ?? [])
  const length = lists[0]?.length
  if (length === undefined) return [[]]
  if (lists.some((list) => list.length !== length)) return undefined
  const seen = new Set<string>()
  const positions: Position[] = []
  for (let index = 0; index < length; index += 1) {
    const tuple = lists.map((list) => list[index]).join('\u0000')
    if (!seen.has(tuple)) positions.push(at(index))
    seen.add(tuple)
  }
  return positions
}
