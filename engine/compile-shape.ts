import type { Slot } from './backends/ebiptables/argument.ts'
import { type Range, rangesToCheck } from './backends/ebiptables/check-ranges.ts'
import { slotsToCheck } from './backends/ebiptables/check-values.ts'
import { lower } from './backends/ebiptables/lower.ts'
import type { RulesetShape } from './backends/ebiptables/ruleset.ts'
import { checkTree } from './checks/check-tree.ts'
import { treeVariables } from './checks/tree-variables.ts'
import type { Diagnostic } from './diagnostics/diagnostic.ts'
import { hasErrors } from './diagnostics/report.ts'
import type { Dialect } from './dialects/dialect.ts'
import { instantiate } from './instantiate/instantiate.ts'
import type { RuleInstance } from './instantiate/rule-instance.ts'
import type { Binding } from './nwfilter/binding.ts'
import type { Filter } from './nwfilter/filter.ts'
import { place } from './placement/place.ts'
import type { Placement } from './placement/placement.ts'

/** What all bindings of a shape have in common: their rules, and what was found in the filters. */
export type CompiledShape = {
  readonly instances: readonly RuleInstance[]
  readonly placement: Placement
  readonly shape: RulesetShape
  readonly slots: readonly Slot[]
  readonly ranges: readonly Range[]
  /** Names of all variables that the tree reads. */
  readonly variables: ReadonlySet<string>
  readonly diagnostics: readonly Diagnostic[]
}

/** Compiles the shape of a binding. Without a value the diagnostics are about this binding, or its address is to be learned. */
export function compileShape(
  filters: ReadonlyMap<string, Filter>,
  binding: Binding,
  dialect: Dialect,
): {
  readonly value: CompiledShape | undefined
  readonly diagnostics: readonly Diagnostic[]
  readonly learning: 'any' | 'dhcp' | undefined
} {
  const found = [...checkTree(filters, binding.filter, dialect)]
  const instantiated = instantiate(filters, binding, dialect)
  found.push(...instantiated.diagnostics)
  const learning = instantiated.value?.learning
  if (instantiated.value === undefined || learning !== undefined)
    return { value: undefined, diagnostics: found, learning: hasErrors(found) ? undefined : learning }
  const { instances } = instantiated.value
  const { value: placement, diagnostics } = place(instances)
  found.push(...diagnostics)
  if (placement === undefined || hasErrors(found)) return { value: undefined, diagnostics: found, learning: undefined }
  const shape = lower(placement)
  const value = {
    instances,
    placement,
    shape,
    slots: slotsToCheck(shape),
    ranges: rangesToCheck(shape),
    variables: treeVariables(filters, binding.filter) ?? new Set<string>(),
    diagnostics: found,
  }
  return { value, diagnostics: found, learning: undefined }
}
