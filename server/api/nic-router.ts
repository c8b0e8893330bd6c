import { TRPCError } from '@trpc/server'
import { z } from 'zod'
import {
  type Diagnostic,
  hasErrors,
  hashOfHost,
  LEAST_CAPABILITIES,
  mergeDiagnostics,
  requiredVariables,
} from '#engine'
import type { BackendName, InstallOutcome } from '../../agent/link/contract.ts'
import { agent, agentReport } from '../agents/watch-agent.ts'
import { type Catalog, type CatalogBinding, loadCatalog } from './catalog.ts'
import { compileForNftables, type HostAbilities } from './compile-for-nftables.ts'
import { describeCompiled } from './describe-compiled.ts'
import { describeDiagnostic } from './describe-diagnostic.ts'
import { hostView } from './host-view.ts'
import { procedure, router } from './trpc.ts'

const portDevice = z.string().min(1).max(15)

export const nicRouter = router({
  /** Every port device that has a binding or that the agent sees. */
  list: procedure.query(async () => {
    const [catalog, view] = await Promise.all([loadCatalog(), hostView()])
    return view.nics.map(({ portDevice, present, state }) => ({
      portDevice,
      present,
      state,
      ...describeBinding(catalog, portDevice, view.backend),
    }))
  }),
  get: procedure.input(z.object({ portDevice })).query(async ({ input }) => {
    const [catalog, view] = await Promise.all([loadCatalog(), hostView()])
    const live = view.nics.find((nic) => nic.portDevice === input.portDevice)
    if (live === undefined)
      throw new TRPCError({
        code: 'NOT_FOUND',
        message: `There is no port device ${input.portDevice}, and no binding for one.`,
      })
    const known = catalog.bindings.get(input.portDevice)
    return {
      portDevice: input.portDevice,
      ...describeBinding(catalog, input.portDevice, view.backend),
      binding:
        known === undefined
          ? null
          : { xml: known.stored.xml, version: known.stored.version, ownerUuid: known.binding?.owner.uuid ?? null },
      variables: known === undefined ? [] : variablesOf(catalog, known),
      compiled:
        known?.compiled.value === undefined
          ? null
          : describeCompiled(catalog, known, { backend: view.backend, ...abilities() }),
    }
  }),
  /** Gives a device nftables rules and counters of its own, or lets it share them again. */
  observe: procedure
    .input(z.object({ portDevice, isObserved: z.boolean() }))
    .mutation(async ({ input }): Promise<InstallOutcome> => {
      if (agentReport().status !== 'connected')
        throw new TRPCError({ code: 'PRECONDITION_FAILED', message: 'No agent answers, so nothing was changed.' })
      return agent().host.observe.mutate(input)
    }),
  /** Sends the desired state of one device to the agent, which compiles and installs it; without a binding all filtering ends. */
  install: procedure.input(z.object({ portDevice })).mutation(async ({ input }): Promise<InstallOutcome> => {
    if (agentReport().status !== 'connected')
      throw new TRPCError({ code: 'PRECONDITION_FAILED', message: 'No agent answers, so nothing was applied.' })
    const catalog = await loadCatalog()
    const known = catalog.bindings.get(input.portDevice)
    if (known === undefined)
      return agent().host.install.mutate({ filters: [], bindings: [], clear: [input.portDevice] })
    const filters = known.closure
      .flatMap((name) => catalog.filters.get(name) ?? [])
      .map(({ stored }) => ({ name: stored.name, xml: stored.xml }))
    return agent().host.install.mutate({
      filters,
      bindings: [{ portDevice: input.portDevice, xml: known.stored.xml }],
      clear: [],
      rulesetHash: hashOf(catalog, known),
    })
  }),
})

/** The hash of the rules that the pages show: the agent installs no others. Undefined where the binding cannot be read. */
function hashOf(catalog: Catalog, { binding }: CatalogBinding): string | undefined {
  if (binding === undefined) return undefined
  const host = abilities()
  return hashOfHost(compileForNftables(catalog, binding, host).parts, host.capabilities)
}

function describeBinding(catalog: Catalog, name: string, backend: BackendName) {
  const known = catalog.bindings.get(name)
  const binding = known?.binding
  const refusal = known === undefined ? undefined : refusalOf(catalog, known, backend)
  return {
    filter: binding?.filter ?? null,
    owner: binding?.owner.name ?? null,
    mac: binding?.mac ?? null,
    addresses: [...(binding?.parameters.get('IP') ?? []), ...(binding?.parameters.get('IPV6') ?? [])],
    parameters: [...(binding?.parameters ?? [])].map(([parameter, values]) => ({ name: parameter, values })),
    installable: refusal === undefined,
    /** Why the agent cannot install it, in a sentence. */
    refusal: refusal ?? null,
    problems: problemsOf(catalog, known).map((diagnostic) =>
      describeDiagnostic(diagnostic, textOf(catalog, diagnostic.source)),
    ),
  }
}

/** What the host of the agent has; the least that every host has while it does not answer. */
function abilities(): HostAbilities {
  const { sets = [], capabilities = LEAST_CAPABILITIES } = agentReport().state ?? {}
  return { sets, capabilities }
}

/** Why the agent would not install the binding; undefined where it would. */
function refusalOf(catalog: Catalog, known: CatalogBinding, backend: BackendName): string | undefined {
  const { compiled, binding } = known
  if (compiled.value === undefined || hasErrors(compiled.diagnostics)) return 'The filter cannot be installed'
  if (backend === 'ebiptables')
    return compiled.value.ruleset.shape.ip.length === 0
      ? undefined
      : 'The filter has rules of the IP layer, which the agent does not install with the backend ebiptables'
  const error =
    binding && compileForNftables(catalog, binding, abilities()).found.find(({ severity }) => severity === 'error')
  return error && `nftables cannot install the filter: ${error.message}`
}

/** What was found in the binding, and what libvirt does without a word in the filters behind it. */
function problemsOf(catalog: Catalog, known: CatalogBinding | undefined): readonly Diagnostic[] {
  if (known === undefined) return []
  const inFilters = known.closure.flatMap((name) => catalog.filters.get(name)?.diagnostics ?? [])
  return mergeDiagnostics([...known.compiled.diagnostics, ...inFilters.filter(({ severity }) => severity !== 'info')])
}

function textOf(catalog: Catalog, source: string): string {
  const name = source.slice(source.indexOf(':') + 1)
  return (
    (source.startsWith('filter:') ? catalog.filters.get(name)?.stored.xml : catalog.bindings.get(name)?.stored.xml) ??
    ''
  )
}

function variablesOf(catalog: Catalog, { binding }: CatalogBinding) {
  if (binding === undefined) return []
  return requiredVariables({ filters: catalog.graph.filters, filter: binding.filter }).map(({ name, usedBy }) => ({
    name,
    values: binding.parameters.get(name) ?? (name === 'MAC' ? [binding.mac] : []),
    usedBy: [...new Set(usedBy.map(({ filter }) => filter))],
  }))
}
