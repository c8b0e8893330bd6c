import type { HostParts } from './backends/nftables/host-parts.ts'
import { type HostOptions, lowerHost } from './backends/nftables/lower-host.ts'
import type { NicInput } from './backends/nftables/nic-input.ts'
import type { NftablesRuleset } from './backends/nftables/ruleset.ts'
import { rulesetOf } from './backends/nftables/ruleset-of.ts'
import { asRefused, refusedInTree } from './checks/refused-in-tree.ts'
import { type CompileInput, compileBinding, type KnownShapes } from './compile-binding.ts'
import type { HostInput } from './compile-host.ts'
import type { Diagnostic } from './diagnostics/diagnostic.ts'
import { hasErrors } from './diagnostics/report.ts'
import { parametersOf } from './instantiate/environment.ts'
import { placeLearning } from './place-learning.ts'

/** A host compiled for nftables: one ruleset for all NICs. */
export type CompiledNftables = {
  readonly parts: HostParts
  readonly ruleset: NftablesRuleset
  /** Everything that was found, about NICs in the ruleset and about those that are not. */
  readonly found: readonly Diagnostic[]
}

/** All bindings of a host → one ruleset. A NIC with an error is left out, and told of. */
export function compileNftables(
  { filters, bindings, dialect, lineOf }: HostInput & Pick<NicInput, 'lineOf'>,
  options: HostOptions,
  known: KnownShapes = new Map(),
): CompiledNftables {
  const found: Diagnostic[] = []
  const nics: NicInput[] = []
  const seen = new Set<string>()
  for (const binding of bindings) {
    if (seen.has(binding.portDevice)) continue
    seen.add(binding.portDevice)
    const { value, diagnostics } = placeNic({ filters, binding, dialect, lineOf }, known)
    for (const diagnostic of diagnostics) found.push(diagnostic)
    if (value !== undefined) nics.push(value)
  }
  const parts = lowerHost(nics, options)
  for (const diagnostics of parts.diagnostics.values()) found.push(...diagnostics)
  return { parts, ruleset: rulesetOf(parts, options.capabilities), found }
}

/** A binding → where its rules stand, or those under which its address is learned. Undefined where no rule may be installed. */
export function placeNic(
  { filters, binding, dialect, lineOf }: CompileInput & Pick<NicInput, 'lineOf'>,
  known: KnownShapes = new Map(),
): {
  readonly value: NicInput | undefined
  /** Set where the rules are those under which the address is learned. */
  readonly learning: 'any' | 'dhcp' | undefined
  readonly diagnostics: readonly Diagnostic[]
} {
  const compiled = compileBinding({ filters, binding, dialect }, known)
  const diagnostics = [...compiled.diagnostics.map(asRefused), ...refusedInTree(filters, binding.filter)]
  const { learning } = compiled
  if (hasErrors(diagnostics)) return { value: undefined, learning: undefined, diagnostics }
  if (learning !== undefined) return { value: placeLearning({ binding, dialect }, learning), learning, diagnostics }
  if (compiled.value === undefined) return { value: undefined, learning, diagnostics }
  const { placement } = compiled.value
  return { value: { binding, placement, parameters: parametersOf(binding), dialect, lineOf }, learning, diagnostics }
}
