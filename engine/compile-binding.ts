import { lower } from './backends/ebiptables/lower.ts'
import type { EbtablesRuleset } from './backends/ebiptables/ruleset.ts'
import type { Staged } from './diagnostics/diagnostic.ts'
import { instantiate } from './instantiate/instantiate.ts'
import type { RuleInstance } from './instantiate/rule-instance.ts'
import type { Binding } from './nwfilter/binding.ts'
import type { Filter } from './nwfilter/filter.ts'

export type Dialect = 'libvirt' | 'strict'
export type CompileInput = {
  readonly filters: ReadonlyMap<string, Filter>
  readonly binding: Binding
  readonly dialect: Dialect
}
export type Compiled = { readonly instances: readonly RuleInstance[]; readonly ruleset: EbtablesRuleset }

/**
 * A binding and the filters it may use → what its port device gets. The value is undefined when it cannot be installed: with
 * an error when libvirt refuses, with warning NWF309 alone when libvirt would learn the address first.
 */
export function compileBinding({ filters, binding }: CompileInput): Staged<Compiled> {
  const instantiated = instantiate(filters, binding)
  if (instantiated.value === undefined || instantiated.value.learning !== undefined)
    return { value: undefined, diagnostics: instantiated.diagnostics }
  const { instances } = instantiated.value
  const lowered = lower(binding.portDevice, instances)
  const diagnostics = [...instantiated.diagnostics, ...lowered.diagnostics]
  return { value: lowered.value === undefined ? undefined : { instances, ruleset: lowered.value }, diagnostics }
}
