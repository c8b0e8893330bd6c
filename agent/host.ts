import { hostname } from 'node:os'
import { join } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { HostFrame, NftCapabilities } from '#engine'
import { applyEbtables } from './apply/apply-ebtables.ts'
import { applyNft, nftOf } from './apply/apply-nft.ts'
import { enableBridgeNetfilter } from './apply/enable-bridge-netfilter.ts'
import { planEbtables } from './apply/plan-ebtables.ts'
import type { BackendName, DesiredStateInput, HostState, InstallOutcome } from './link/contract.ts'
import { observe } from './observe/observe.ts'
import { NO_SETS, readSets } from './read-sets.ts'
import type { AgentState } from './reconcile/agent-state.ts'
import { compileDesired, type DesiredDevice, readDesired } from './reconcile/compile-desired.ts'
import { planNft } from './reconcile/plan-nft.ts'
import { type AgentEvent, reconcile } from './reconcile/reconcile.ts'
import { isDrifted, reportState } from './reconcile/report-state.ts'
import { readState, writeNote, writeState } from './state-file.ts'

export type HostOptions = {
  readonly mode: HostState['mode']
  readonly rootless: boolean
  readonly stateDir: string
  /** Arguments that lead into the namespace whose rules are managed; none for this one. */
  readonly enter: readonly string[]
  readonly backend?: BackendName
  /** What the kernel can do; the least it can without. */
  readonly capabilities?: NftCapabilities
}

/** One managed host. All writes to the kernel stand in one queue. */
export type Host = {
  readonly state: () => HostState
  /** The same, when everything that was begun has ended. */
  readonly settled: () => Promise<HostState>
  readonly look: () => Promise<void>
  readonly install: (input: DesiredStateInput) => Promise<InstallOutcome>
  /** Gives a device rules and counters of its own, or shares them with others again. Only nftables shares. */
  readonly observe: (portDevice: string, isObserved: boolean) => Promise<InstallOutcome>
  /** Gives every device its rules by the backend of this host, where the kernel holds those of another. */
  readonly switchBackend: () => Promise<InstallOutcome | undefined>
  readonly subscribe: (listener: (state: HostState) => void) => () => void
  readonly persist: () => void
  /** Ends what waits for the next change. */
  readonly close: () => void
}

type Change = { readonly devices: readonly DesiredDevice[]; readonly clear: readonly string[] }
/** Looks at the contents of sets, which cost as much as there are NICs, once in so many. */
const FULL_LOOK_EVERY = 10
/** The folder of sets, in the state directory. */
const SETS = 'sets'

export function openHost({ mode, rootless, stateDir, enter, backend = 'nftables', capabilities }: HostOptions): Host {
  let state: AgentState = readState(stateDir)
  let sequence = 0
  let looks = 0
  let isUnwritten = false
  /** What our tables hold, as far as this process loaded it and nobody else changed it. */
  let loaded: HostFrame | undefined
  let sets = NO_SETS
  /** The stamp of sets that could not be taken, so that this is told once. */
  let refusedSets: string | undefined
  const nft = nftOf(enter)
  let queue: Promise<unknown> = Promise.resolve()
  const listeners = new Set<(state: HostState) => void>()
  const report = () => {
    const sets = reportSets()
    return reportState(state, { host: hostname(), mode, rootless, sets, sequence, at: new Date().toISOString() })
  }
  const reportSets = () =>
    [...sets.ipsets.values()].map(({ name, dimensions, family = null }) => ({ name, dimensions, family }))

  const handle = (event: AgentEvent) => {
    const next = reconcile(state, event, new Date().toISOString())
    state = next.state
    for (const effect of next.effects) {
      if (effect === 'note') writeNote(stateDir, state)
      // A change that was answered is written down behind the answer: until then the note tells of it.
      else if (effect === 'persist') isUnwritten = true
      else {
        sequence += 1
        const told = report()
        for (const listener of listeners) listener(told)
      }
    }
  }
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const turn = queue.then(work, work)
    queue = turn.catch(() => undefined)
    return turn
  }
  const write = () => {
    if (isUnwritten) writeState(stateDir, state)
    isUnwritten = false
  }
  const look = async (isFull: boolean) => {
    write()
    const isTerse = !isFull && looks % FULL_LOOK_EVERY !== 0
    looks += 1
    handle({ kind: 'observed', observation: await observe(enter, { backend: state.backend, isTerse }) })
    if (isDrifted(state)) loaded = undefined
    write()
    if (state.backend === 'nftables') nft.prepare()
  }
  /** Takes what the admin changed in the folder of sets, unless a NIC would lose a set that its filter names. */
  const takeSets = async () => {
    const found = readSets(join(stateDir, SETS), sets)
    if (found === sets || found.stamp === refusedSets) return
    const before = sets
    sets = found
    const isUsed = state.backend === 'nftables' && Object.keys(state.applied).length > 0
    const outcome =
      found.errors.length > 0
        ? refuseInput(found.errors)
        : isUsed
          ? await installNft({ devices: [], clear: [] })
          : undefined
    if (outcome === undefined || outcome.ok) return
    sets = before
    refusedSets = found.stamp
    console.error(`sluice agent: the sets stay as they were: ${outcome.raw}`)
  }
  if (Object.keys(state.applied).length === 0 && state.pending === null) state = { ...state, backend }

  return {
    state: report,
    settled: () => queue.then(report),
    look: () =>
      inTurn(async () => {
        await takeSets()
        await look(false)
      }),
    install: (input) =>
      inTurn(async () => {
        const read = state.backend === 'nftables' ? readDesired(input) : undefined
        if (read === undefined) return installEbtables(compileDesired(input), input.clear)
        await takeSets()
        return read.errors.length > 0 ? refuseInput(read.errors) : installNft({ ...read, clear: input.clear })
      }),
    observe: (portDevice, isObserved) =>
      inTurn(() => {
        handle({ kind: 'observing', portDevice, isObserved })
        if (state.backend === 'nftables') return installNft({ devices: [], clear: [] })
        return Promise.resolve(done({ devices: [], clear: [] }))
      }),
    switchBackend: () => inTurn(() => switchBackend()),
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    persist: () => writeState(stateDir, state),
    close: nft.close,
  }

  async function installNft({ devices, clear }: Change): Promise<InstallOutcome> {
    if (loaded === undefined) await look(true)
    const plan = planNft(state, { devices, clear }, { before: loaded, capabilities, ipsets: sets.ipsets })
    if ('errors' in plan) return refuseInput(plan.errors)
    const obstacle = await enableBridgeNetfilter(plan.bridgeNetfilter, enter)
    if (obstacle !== undefined) return refuseKernel(obstacle)
    handle({ kind: 'applying', devices, clear, generation: plan.hash })
    const refusal = await applyNft(plan.text, nft)
    if (refusal !== undefined) {
      handle({ kind: 'refused' })
      loaded = undefined
      return refuseKernel(refusal)
    }
    loaded = plan.after
    handle({ kind: 'applied', backend: 'nftables', fresh: plan.isRebuild ? 'all' : 'none' })
    // The answer does not wait for what is written down, and for the look that compares.
    void inTurn(() => nextTurn().then(() => look(true))).catch((error) => console.error(`sluice agent: ${error}`))
    return done({ devices, clear })
  }

  async function installEbtables(
    { devices, errors }: ReturnType<typeof compileDesired>,
    clear: readonly string[],
  ): Promise<InstallOutcome> {
    if (errors.length > 0) return refuseInput(errors)
    // A last look, so that what the old rules have counted is not lost.
    const before = await observe(enter, { backend: 'ebiptables', isTerse: true })
    handle({ kind: 'observed', observation: before })
    const wishes = [...devices, ...clear.map((portDevice) => ({ portDevice, ruleset: undefined }))]
    const plan = planEbtables(wishes, before.chains)
    if ('error' in plan) return refuseInput([plan.error], 'A value cannot be given to ebtables; nothing was changed.')
    handle({ kind: 'applying', devices, clear, generation: '' })
    const refusal = await applyEbtables(plan.text, enter)
    if (refusal !== undefined) {
      handle({ kind: 'refused' })
      return refuseKernel(refusal)
    }
    handle({ kind: 'applied', backend: 'ebiptables', fresh: 'devices' })
    await look(true)
    return done({ devices, clear })
  }

  /** New rules in, then the old out: between the two both judge, and nothing passes that either would stop. */
  async function switchBackend(): Promise<InstallOutcome | undefined> {
    if (state.backend === backend) return undefined
    await look(true)
    const names = Object.keys(state.applied)
    const outcome = await (backend === 'nftables' ? installNft(applied()) : installEbtables(compiled(), []))
    if (!outcome.ok) return outcome
    const left = await (backend === 'nftables' ? removeEbtables(names) : removeNft())
    await look(true)
    return left === undefined ? outcome : refuseKernel(left)
  }

  /** What was applied, as if it came again. */
  function applied(): Change {
    const devices = Object.entries(state.applied).map(([portDevice, { filter, bindingXml, filters }]) => {
      return { portDevice, filter, bindingXml, filters }
    })
    return { devices, clear: [] }
  }

  function compiled(): ReturnType<typeof compileDesired> {
    const all = applied().devices.map(({ portDevice, bindingXml, filters }) =>
      compileDesired({ filters, bindings: [{ portDevice, xml: bindingXml }] }),
    )
    return { devices: all.flatMap(({ devices }) => devices), errors: all.flatMap(({ errors }) => errors) }
  }

  async function removeEbtables(names: readonly string[]): Promise<string | undefined> {
    const { chains } = await observe(enter, { backend: 'ebiptables', isTerse: true })
    const plan = planEbtables(
      names.map((portDevice) => ({ portDevice, ruleset: undefined })),
      chains,
    )
    return 'error' in plan ? plan.error : applyEbtables(plan.text, enter)
  }

  function removeNft(): Promise<string | undefined> {
    loaded = undefined
    const plan = planNft(
      { applied: {}, observed: [] },
      { devices: [], clear: [] },
      { before: undefined, capabilities, ipsets: sets.ipsets },
    )
    return 'errors' in plan ? Promise.resolve(plan.errors.join('\n')) : applyNft(plan.text, nft)
  }
}

function done({ devices, clear }: Change): InstallOutcome {
  return {
    ok: true,
    at: new Date().toISOString(),
    portDevices: [...devices.map(({ portDevice }) => portDevice), ...clear],
  }
}

function refuseInput(
  errors: readonly string[],
  message = 'The filters cannot be installed; nothing was changed.',
): InstallOutcome {
  return { ok: false, reason: 'input', message, raw: errors.join('\n') }
}

function refuseKernel(raw: string): InstallOutcome {
  const message = 'The kernel refused the rules; the previous ones stand as they were.'
  return { ok: false, reason: 'kernel', message, raw }
}
