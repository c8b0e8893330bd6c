import { TRPCError } from '@trpc/server'
import { z } from 'zod'
import { hashOfHost, LEAST_CAPABILITIES } from '#engine'
import { type BackendName, type InstallOutcome, observeInput } from '../../agent/link/contract.ts'
import { NO_VALUES, withLearned } from '../../agent/reconcile/learned-values.ts'
import { agentReport } from '../agents/watch-agent.ts'
import { askAgent } from './ask-agent.ts'
import { type Catalog, type CatalogBinding, loadCatalog } from './catalog.ts'
import { compileForNftables, type HostAbilities } from './compile-for-nftables.ts'
import { type BindingHost, describeBinding, variablesOf } from './describe-binding.ts'
import { describeCompiled } from './describe-compiled.ts'
import { hostView } from './host-view.ts'
import { learnedAddresses } from './learned-addresses.ts'
import { procedure, router } from './trpc.ts'

const portDevice = observeInput.shape.portDevice

export const nicRouter = router({
  /** Every port device that has a binding or that the agent sees. */
  list: procedure.query(async () => {
    const [catalog, view] = await Promise.all([loadCatalog(), hostView()])
    const host = hostOf(view.backend)
    return view.nics.map(({ portDevice, present, state }) => ({
      portDevice,
      present,
      state,
      ...describeBinding(catalog, portDevice, host),
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
    const host = hostOf(view.backend)
    const values = host.learned.get(input.portDevice) ?? NO_VALUES
    return {
      portDevice: input.portDevice,
      ...describeBinding(catalog, input.portDevice, host),
      binding:
        known === undefined
          ? null
          : { xml: known.stored.xml, version: known.stored.version, ownerUuid: known.binding?.owner.uuid ?? null },
      variables: known === undefined ? [] : variablesOf(catalog, known, view.backend),
      compiled:
        known?.binding === undefined ? null : describeCompiled(catalog, withLearned(known.binding, values), host),
    }
  }),
  /** Gives a device nftables rules and counters of its own, or lets it share them again. */
  observe: procedure
    .input(observeInput)
    .mutation(
      ({ input }): Promise<InstallOutcome> => askAgent('nothing was changed', ({ host }) => host.observe.mutate(input)),
    ),
  /** Sends the desired state of one device to the agent, which compiles and installs it; without a binding all filtering ends. */
  install: procedure.input(z.object({ portDevice })).mutation(
    ({ input }): Promise<InstallOutcome> =>
      askAgent('nothing was applied', async ({ host }) => {
        const catalog = await loadCatalog()
        const known = catalog.bindings.get(input.portDevice)
        if (known === undefined) return host.install.mutate({ filters: [], bindings: [], clear: [input.portDevice] })
        const filters = known.closure
          .flatMap((name) => catalog.filters.get(name) ?? [])
          .map(({ stored }) => ({ name: stored.name, xml: stored.xml }))
        return host.install.mutate({
          filters,
          bindings: [{ portDevice: input.portDevice, xml: known.stored.xml }],
          clear: [],
          rulesetHash: hashOf(catalog, known),
        })
      }),
  ),
})

/**
 * The hash of the rules that the filters make before any address is learned: the agent installs no others. Undefined where the
 * binding cannot be read.
 */
function hashOf(catalog: Catalog, { binding }: CatalogBinding): string | undefined {
  if (binding === undefined) return undefined
  const host = abilities()
  return hashOfHost(compileForNftables(catalog, withLearned(binding, NO_VALUES), host).parts, host.capabilities)
}

function hostOf(backend: BackendName): BindingHost {
  return { ...abilities(), backend, learned: learnedAddresses() }
}

/** What the host of the agent has; the least that every host has while it does not answer. */
function abilities(): HostAbilities {
  const { sets = [], capabilities = LEAST_CAPABILITIES } = agentReport().state ?? {}
  return { sets, capabilities }
}
