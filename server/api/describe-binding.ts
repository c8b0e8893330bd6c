import { type Binding, type Diagnostic, hasErrors, mergeDiagnostics, requiredVariables } from '#engine'
import type { BackendName } from '../../agent/link/contract.ts'
import { ipv6Learning, type LearnedAddresses, NO_VALUES, withLearned } from '../../agent/reconcile/learned-values.ts'
import type { Catalog, CatalogBinding } from './catalog.ts'
import { compileForNftables, type HostAbilities } from './compile-for-nftables.ts'
import { describeDiagnostic } from './describe-diagnostic.ts'

/** What the host of a binding has, and what was learned there. */
export type BindingHost = HostAbilities & { readonly backend: BackendName; readonly learned: LearnedAddresses }

/** What is bound to a port device, whether the agent can install it, and what was found in it. */
export function describeBinding(catalog: Catalog, portDevice: string, host: BindingHost) {
  const known = catalog.bindings.get(portDevice)
  const binding = known?.binding
  const found = known === undefined ? [] : foundIn(catalog, known, host)
  const refusal = known === undefined ? undefined : refusalOf(known, found, host.backend)
  return {
    filter: binding?.filter ?? null,
    owner: binding?.owner.name ?? null,
    mac: binding?.mac ?? null,
    addresses: [...(binding?.parameters.get('IP') ?? []), ...(binding?.parameters.get('IPV6') ?? [])],
    parameters: [...(binding?.parameters ?? [])].map(([parameter, values]) => ({ name: parameter, values })),
    installable: refusal === undefined,
    /** Why the agent cannot install it, in a sentence. */
    refusal: refusal ?? null,
    problems: problemsOf(catalog, known, found).map((diagnostic) =>
      describeDiagnostic(diagnostic, textOf(catalog, diagnostic.source)),
    ),
  }
}

/** The variables that the filters of a binding read. `learning`: it has no value, and the agent learns it in this way. */
export function variablesOf(catalog: Catalog, { binding, compiled }: CatalogBinding, backend: BackendName) {
  if (binding === undefined) return []
  const modes: Readonly<Record<string, 'any' | 'dhcp' | 'none' | undefined>> =
    backend === 'ebiptables' ? {} : { IP: compiled?.learning, IPV6: ipv6Learning(binding) }
  return requiredVariables({ filters: catalog.graph.filters, filter: binding.filter }).map(({ name, usedBy }) => {
    const mode = modes[name] ?? 'none'
    return {
      name,
      values: binding.parameters.get(name) ?? (name === 'MAC' ? [binding.mac] : []),
      learning: mode === 'none' ? null : mode,
      usedBy: [...new Set(usedBy.map(({ filter }) => filter))],
    }
  })
}

/** What the backend of the host finds in a binding. */
function foundIn(catalog: Catalog, { stored, binding, found, compiled }: CatalogBinding, host: BindingHost) {
  if (binding === undefined || host.backend === 'ebiptables') return [...found, ...(compiled?.diagnostics ?? [])]
  const values = host.learned.get(stored.portDevice) ?? NO_VALUES
  return [...found, ...compileForNftables(catalog, withLearned(binding, values), host).found]
}

/** Why the agent would not install the binding; undefined where it would. */
function refusalOf(
  { binding, compiled }: CatalogBinding,
  found: readonly Diagnostic[],
  backend: BackendName,
): string | undefined {
  const error = found.find(({ severity }) => severity === 'error')
  if (error !== undefined) return `The filter cannot be installed: ${error.message}`
  if (binding === undefined || compiled === undefined) return 'The binding cannot be read'
  return backend === 'ebiptables' ? refusalOfEbiptables(binding, compiled) : undefined
}

function refusalOfEbiptables(
  binding: Binding,
  { value, learning, diagnostics }: NonNullable<CatalogBinding['compiled']>,
): string | undefined {
  if (hasErrors(diagnostics)) return 'The filter cannot be installed'
  const missing = [...(learning === undefined ? [] : ['IP']), ...(ipv6Learning(binding) === 'none' ? [] : ['IPV6'])]
  if (missing.length > 0)
    return `Addresses are learned with the backend nftables alone, and this agent has ebiptables: give the parameter ${missing.join(' and ')}`
  if (value === undefined) return 'The filter cannot be installed'
  return value.ruleset.shape.ip.length === 0
    ? undefined
    : 'The filter has rules of the IP layer, which the agent does not install with the backend ebiptables'
}

/** What was found in the binding, and what libvirt does without a word in the filters behind it. */
function problemsOf(
  catalog: Catalog,
  known: CatalogBinding | undefined,
  found: readonly Diagnostic[],
): readonly Diagnostic[] {
  if (known === undefined) return []
  const inFilters = known.closure.flatMap((name) => catalog.filters.get(name)?.diagnostics ?? [])
  return mergeDiagnostics([...found, ...inFilters.filter(({ severity }) => severity !== 'info')])
}

function textOf(catalog: Catalog, source: string): string {
  const name = source.slice(source.indexOf(':') + 1)
  return (
    (source.startsWith('filter:') ? catalog.filters.get(name)?.stored.xml : catalog.bindings.get(name)?.stored.xml) ??
    ''
  )
}
