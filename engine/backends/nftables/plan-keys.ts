import type { Test } from '../../placement/condition.ts'
import type { Operand } from '../../placement/operand.ts'
import type { AttributeType } from '../../protocols/protocol.ts'
import { fieldInfo, type NftField } from './nft-field.ts'
import { READ_AS_HEX, type SetUse } from './set-use.ts'

/** The parts of a key. `at`: where its value stands among those that are written once for a NIC, undefined for a range. */
export type KeyTuple = readonly { readonly test: Test; readonly field: NftField; readonly at: number | undefined }[]
/** How the elements of a NIC are made: the values that several keys have, and the keys. */
type KeyPlan = {
  readonly values: readonly { readonly operand: Operand; readonly field: NftField }[]
  readonly sets: readonly { readonly use: SetUse; readonly tuples: readonly KeyTuple[] }[]
}

const plans = new WeakMap<readonly SetUse[], KeyPlan>()

/** What all NICs of a group have in common about their elements. */
export function planKeys(uses: readonly SetUse[]): KeyPlan {
  const known = plans.get(uses)
  if (known !== undefined) return known
  const values: { operand: Operand; field: NftField }[] = []
  const places = new Map<string, number>()
  const types = new Map<AttributeType, number>()
  const placeOf = (operand: Operand, field: NftField): number => {
    const name = nameOf(operand, field, types)
    const place = places.get(name) ?? values.push({ operand, field }) - 1
    places.set(name, place)
    return place
  }
  const sets = uses.map((use) => {
    const tuples = use.tuples.map((tuple) =>
      tuple.map((test, index) => {
        const field = use.fields[index] ?? 'ether type'
        return { test, field, at: test.kind === 'equal' ? placeOf(test.value, field) : undefined }
      }),
    )
    return { use, tuples }
  })
  const plan = { values, sets }
  plans.set(uses, plan)
  return plan
}

/** Equal for operands that are written alike on every NIC. */
function nameOf(operand: Operand, field: NftField, types: Map<AttributeType, number>): string {
  const { writes, bits } = fieldInfo(field)
  if (operand.kind === 'literal') return JSON.stringify([operand.value, writes, bits])
  const type = types.get(operand.type) ?? types.size
  types.set(operand.type, type)
  return JSON.stringify([operand.source, type, READ_AS_HEX.has(operand.attribute), writes, bits])
}
