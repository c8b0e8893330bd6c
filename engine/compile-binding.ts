import { checkValues, slotsToCheck } from './backends/ebiptables/check-values.ts'
import { lower } from './backends/ebiptables/lower.ts'
import type { EbiptablesRuleset } from './backends/ebiptables/ruleset.ts'
import { sayOpenLayers } from './backends/ebiptables/say-open-layers.ts'
import { checkTree } from './checks/check-tree.ts'
import type { Staged } from './diagnostics/diagnostic.ts'
import { mergeDiagnostics } from './diagnostics/merge-diagnostics.ts'
import { hasErrors } from './diagnostics/report.ts'
import type { Dialect } from './dialects/dialect.ts'
import { parametersOf } from './instantiate/environment.ts'
import { instantiate } from './instantiate/instantiate.ts'
import type { RuleInstance } from './instantiate/rule-instance.ts'
import type { Binding } from './nwfilter/binding.ts'
import type { Filter } from './nwfilter/filter.ts'

export type CompileInput = {
  /** Filters by name, read in the same dialect. */
  readonly filters: ReadonlyMap<string, Filter>
  readonly binding: Binding
  readonly dialect: Dialect
}
export type Compiled = { readonly instances: readonly RuleInstance[]; readonly ruleset: EbiptablesRuleset }

/**
 * A binding and the filters it may use → what its port device gets. The value is undefined when it cannot be installed: with
 * an error when the dialect refuses, with warning NWF309 alone when libvirt would learn the address first.
 */
export function compileBinding({ filters, binding, dialect }: CompileInput): Staged<Compiled> {
  const found = [...checkTree(filters, binding.filter, dialect)]
  const finish = (value: Compiled | undefined): Staged<Compiled> => {
    const diagnostics = mergeDiagnostics(found)
    return { value: hasErrors(diagnostics) ? undefined : value, diagnostics }
  }
  const instantiated = instantiate(filters, binding, dialect)
  found.push(...instantiated.diagnostics)
  if (instantiated.value === undefined || instantiated.value.learning !== undefined) return finish(undefined)
  const { instances } = instantiated.value
  const lowered = lower(instances)
  found.push(...lowered.diagnostics)
  if (lowered.value === undefined) return finish(undefined)
  const parameters = parametersOf(binding)
  found.push(...checkValues(slotsToCheck(lowered.value), { parameters, dialect, source: binding.portDevice }))
  found.push(...sayOpenLayers(lowered.value, binding))
  const ruleset: EbiptablesRuleset = {
    kind: 'ebiptables-ruleset',
    dialect,
    portDevice: binding.portDevice,
    parameters,
    shape: lowered.value,
  }
  return finish({ instances, ruleset })
}
