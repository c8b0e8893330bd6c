import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Operand } from '../../placement/operand.ts'
import { reportValue } from '../../placement/report-value.ts'
import { resolveOperand } from '../../placement/resolve-operand.ts'
import { operandsOf } from './lower-compare.ts'
import { mergeRanges } from './merge-ranges.ts'
import type { NicInput } from './nic-input.ts'
import { type KeyTuple, planKeys } from './plan-keys.ts'
import type { NftElement, NftValue } from './ruleset.ts'
import { type SetUse, writeOperand, writeTest } from './set-use.ts'
import { textOfHole } from './text-of-hole.ts'

/** The elements of a NIC by set; `overlap` where the kernel would not take them together; `found` where a value is none. */
type Elements =
  | { readonly kind: 'elements'; readonly elements: Map<string, readonly NftElement[]> }
  | { readonly kind: 'overlap' }
  | { readonly kind: 'found'; readonly diagnostics: readonly Diagnostic[] }

/** What one NIC puts into the sets of its rules. */
export function elementsOf(uses: readonly SetUse[], nic: NicInput): Elements {
  const { parameters, dialect, binding } = nic
  const { portDevice } = binding
  const resolve = (operand: Operand) => resolveOperand(operand, parameters, dialect)
  const plan = planKeys(uses)
  const values = plan.values.map(({ operand, field }) => writeOperand(field, operand, resolve))
  const elements = new Map<string, readonly NftElement[]>()
  for (const { use, tuples } of plan.sets) {
    const keys: NftValue[][] = []
    for (const tuple of tuples) {
      const key: NftValue[] = []
      for (const { test, field, at } of tuple) {
        const value = at === undefined ? writeTest(field, test, resolve) : values[at]
        if (value === undefined) return { kind: 'found', diagnostics: sayValues(testsOf(tuple), nic) }
        key.push(value)
      }
      keys.push(key)
    }
    const apart = use.interval ? mergeRanges(use.fields, keys) : distinct(keys)
    if (apart === undefined) return { kind: 'overlap' }
    const list: NftElement[] = []
    for (const key of apart) list.push({ key: [portDevice, ...key] })
    elements.set(use.name, list)
  }
  return { kind: 'elements', elements }
}

function testsOf(tuple: KeyTuple): readonly Operand[] {
  return tuple.flatMap(({ test }) => operandsOf(test))
}

function distinct(keys: readonly (readonly NftValue[])[]): readonly (readonly NftValue[])[] {
  if (keys.length < 2) return keys
  return [...new Map(keys.map((key) => [key.join(' '), key])).values()]
}

/** Names the values that no rule can be made of: an installed rule without them would mean something else. */
function sayValues(operands: readonly Operand[], nic: NicInput): readonly Diagnostic[] {
  const { binding, parameters, dialect } = nic
  const holes = operands.filter((operand) => operand.kind === 'hole')
  const wrong = holes.filter((hole) => resolveOperand(hole, parameters, dialect) === undefined)
  if (wrong.length === 0) {
    const [hole] = holes
    if (hole === undefined) return []
    const message = `The range of ${hole.attribute} is empty on ${binding.portDevice}, or does not fit.`
    return [reportValue('NWF353', hole, binding, message, 'error')]
  }
  return wrong.map((hole) => {
    const message = `“${textOfHole(hole, nic)}” is no value for ${hole.attribute} (${hole.type.expected}): ${binding.portDevice} cannot be given rules with it.`
    return reportValue('NWF319', hole, binding, message, 'error')
  })
}
