import { checkRanges } from './backends/ebiptables/check-ranges.ts'
import { checkServers } from './backends/ebiptables/check-servers.ts'
import { checkValues } from './backends/ebiptables/check-values.ts'
import type { EbiptablesRuleset } from './backends/ebiptables/ruleset.ts'
import { sayOpenLayers } from './backends/ebiptables/say-open-layers.ts'
import { treeVariables } from './checks/tree-variables.ts'
import { unusedParameters } from './checks/unused-parameters.ts'
import { type CompiledShape, compileShape } from './compile-shape.ts'
import type { Diagnostic, Staged } from './diagnostics/diagnostic.ts'
import { mergeDiagnostics } from './diagnostics/merge-diagnostics.ts'
import { hasErrors } from './diagnostics/report.ts'
import type { Dialect } from './dialects/dialect.ts'
import { parametersOf } from './instantiate/environment.ts'
import type { RuleInstance } from './instantiate/rule-instance.ts'
import { shapeKey } from './instantiate/shape-key.ts'
import type { Binding } from './nwfilter/binding.ts'
import type { Filter } from './nwfilter/filter.ts'
import type { Placement } from './placement/placement.ts'

/** One binding and everything it may include. */
export type CompileInput = {
  /** Filters by name, read in the same dialect. */
  readonly filters: ReadonlyMap<string, Filter>
  readonly binding: Binding
  readonly dialect: Dialect
}
/** What a binding becomes: its rule instances, and the ruleset of its port device. */
export type Compiled = {
  readonly instances: readonly RuleInstance[]
  readonly placement: Placement
  readonly ruleset: EbiptablesRuleset
}
/** Shapes compiled before with the same filters and dialect, by key. */
export type KnownShapes = Map<string, CompiledShape>
/** `learning` is set where libvirt would learn the address first, under temporary rules. */
export type CompiledBinding = Staged<Compiled> & { readonly learning: 'any' | 'dhcp' | undefined }

/**
 * A binding and the filters it may use → what its port device gets. The value is undefined when it cannot be installed: with
 * an error when the dialect refuses, with warning NWF309 alone when libvirt would learn the address first. Bindings of one
 * shape share their work through `known`.
 */
export function compileBinding(
  { filters, binding, dialect }: CompileInput,
  known: KnownShapes = new Map(),
): CompiledBinding {
  const parameters = parametersOf(binding)
  const key = shapeKey(binding, parameters)
  let shape = known.get(key)
  if (shape === undefined) {
    const compiled = compileShape(filters, binding, dialect)
    if (compiled.value === undefined) {
      // What a filter that is missing would read is not known.
      const variables = treeVariables(filters, binding.filter)
      const unused = variables === undefined ? [] : unusedParameters(binding, variables, compiled.diagnostics)
      const servers = compiled.learning === 'dhcp' ? checkServers(binding, dialect) : []
      const diagnostics = mergeDiagnostics([...compiled.diagnostics, ...servers, ...unused])
      return { value: undefined, diagnostics, learning: hasErrors(diagnostics) ? undefined : compiled.learning }
    }
    shape = compiled.value
    known.set(key, shape)
  }
  const values = { binding, parameters, dialect }
  const found: readonly Diagnostic[] = [
    ...shape.diagnostics,
    ...checkValues(shape.slots, values),
    ...checkRanges(shape.ranges, values),
    ...sayOpenLayers(shape.shape, binding),
    ...unusedParameters(binding, shape.variables),
  ]
  const diagnostics = mergeDiagnostics(found)
  if (hasErrors(diagnostics)) return { value: undefined, diagnostics, learning: undefined }
  const { portDevice } = binding
  const ruleset = { kind: 'ebiptables-ruleset', dialect, portDevice, parameters, shape: shape.shape } as const
  const { instances, placement } = shape
  return { value: { instances, placement, ruleset }, diagnostics, learning: undefined }
}
