import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Operand } from '../../placement/operand.ts'
import { reportValue } from '../../placement/report-value.ts'
import { resolveOperand } from '../../placement/resolve-operand.ts'
import { operandsOf } from './lower-compare.ts'
import { mergeRanges } from './merge-ranges.ts'
import type { NicInput } from './nic-input.ts'
import type { NftElement, NftValue } from './ruleset.ts'
import { keyOf, type SetUse } from './set-use.ts'
import { textOfHole } from './text-of-hole.ts'

/** The elements of a NIC by set; `overlap` where the kernel would not take them together; `found` where a value is none. */
type Elements =
  | { readonly kind: 'elements'; readonly elements: ReadonlyMap<string, readonly NftElement[]> }
  | { readonly kind: 'overlap' }
  | { readonly kind: 'found'; readonly diagnostics: readonly Diagnostic[] }

/** What one NIC puts into the sets of its rules. */
export function elementsOf(uses: readonly SetUse[], nic: NicInput): Elements {
  const { parameters, dialect, binding } = nic
  const resolve = (operand: Operand) => resolveOperand(operand, parameters, dialect)
  const elements = new Map<string, readonly NftElement[]>()
  for (const use of uses) {
    const keys: (readonly NftValue[])[] = []
    for (const tuple of use.tuples) {
      const key = keyOf(use, tuple, resolve)
      if (key === undefined) return { kind: 'found', diagnostics: sayValues(tuple.flatMap(operandsOf), nic) }
      keys.push(key)
    }
    const apart = use.interval ? mergeRanges(use.fields, keys) : distinct(keys)
    if (apart === undefined) return { kind: 'overlap' }
    elements.set(
      use.name,
      apart.map((key) => ({ key: [binding.portDevice, ...key] })),
    )
  }
  return { kind: 'elements', elements }
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
