import { type HostOptions, type LoweredHost, lowerHost } from './backends/nftables/lower-host.ts'
import type { NicInput } from './backends/nftables/nic-input.ts'
import { printScript } from './backends/nftables/print-script.ts'
import { asRefused, refusedInTree } from './checks/refused-in-tree.ts'
import { compileBinding, type KnownShapes } from './compile-binding.ts'
import type { HostInput } from './compile-host.ts'
import type { Diagnostic } from './diagnostics/diagnostic.ts'
import { hasErrors } from './diagnostics/report.ts'
import { parametersOf } from './instantiate/environment.ts'
import { placeLearning } from './place-learning.ts'

/** A host compiled for nftables: one ruleset for all NICs. */
export type CompiledNftables = LoweredHost & {
  readonly script: string
  /** Everything that was found, about NICs in the ruleset and about those that are not. */
  readonly found: readonly Diagnostic[]
}

/** All bindings of a host → one ruleset and its text. A NIC with an error is left out, and told of. */
export function compileNftables(
  { filters, bindings, dialect }: HostInput,
  options: HostOptions,
  known: KnownShapes = new Map(),
): CompiledNftables {
  const found: Diagnostic[] = []
  const nics: NicInput[] = []
  const seen = new Set<string>()
  for (const binding of bindings) {
    if (seen.has(binding.portDevice)) continue
    seen.add(binding.portDevice)
    const { value, diagnostics, learning } = compileBinding({ filters, binding, dialect }, known)
    const judged = [...diagnostics.map(asRefused), ...refusedInTree(filters, binding.filter)]
    found.push(...judged)
    if (hasErrors(judged)) continue
    if (learning !== undefined) nics.push(placeLearning(binding, learning, dialect))
    if (value !== undefined)
      nics.push({ binding, placement: value.placement, parameters: parametersOf(binding), dialect })
  }
  const lowered = lowerHost(nics, options)
  return {
    ...lowered,
    script: printScript(lowered.ruleset),
    found: [...found, ...[...lowered.diagnostics.values()].flat()],
  }
}
