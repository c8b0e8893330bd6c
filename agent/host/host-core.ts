import { hostname } from 'node:os'
import { type HostFrame, LEAST_CAPABILITIES, type NftCapabilities } from '#engine'
import { nftOf } from '../apply/apply-nft.ts'
import type { ReadyProgram } from '../exec/ready-program.ts'
import type { BackendName, Found, HostState } from '../link/contract.ts'
import { log, wordsOf } from '../log.ts'
import { observe } from '../observe/observe.ts'
import type { AgentState, ApplyReason, PendingChange } from '../reconcile/agent-state.ts'
import type { DesiredDevice } from '../reconcile/compile-desired.ts'
import type { Effect } from '../reconcile/effect.ts'
import type { Kernel } from '../reconcile/plan-nft.ts'
import { type AgentEvent, reconcile } from '../reconcile/reconcile.ts'
import { reportState } from '../reconcile/report-state.ts'
import { type Learning, openLearning } from './learning.ts'
import { timelineLogger } from './log-timeline.ts'
import { NO_SETS, type SetsOfHost } from './read-sets.ts'
import { readState, writeNote, writeState } from './state-file.ts'

export type HostOptions = {
  readonly mode: HostState['mode']
  readonly rootless: boolean
  readonly stateDir: string
  /** Arguments that lead into the namespace whose rules are managed; none for this one. */
  readonly enter: readonly string[]
  readonly backend?: BackendName
  /** What happens is written into the log too. */
  readonly isLogged?: boolean
  /** What the kernel can do; the least it can without. */
  readonly capabilities?: NftCapabilities
}

/** What is given to the kernel in one transaction, and what else changes with it. */
export type Change = {
  readonly devices: readonly DesiredDevice[]
  readonly clear: readonly string[]
  readonly why: ApplyReason
} & Partial<Pick<PendingChange, 'broken' | 'opens' | 'closes' | 'by'>>

/** What the parts of a host share. Everything that changes the kernel runs in one queue, one after another. */
export type HostCore = {
  readonly options: HostOptions
  readonly nft: ReadyProgram
  readonly state: () => AgentState
  readonly handle: (event: AgentEvent) => void
  /** `hasNewLinks`: network devices have changed. */
  readonly look: (isFull: boolean, hasNewLinks?: boolean) => Promise<void>
  /** One is told when network devices change, and need not look for that. */
  hearsLinks: boolean
  readonly inTurn: <T>(work: () => Promise<T>) => Promise<T>
  /** The same for what nobody waits for: what goes wrong is told. Nothing is done any more when the host was closed. */
  readonly inBackground: (work: () => Promise<unknown>) => void
  readonly close: () => void
  readonly report: () => HostState
  readonly subscribe: (listener: (state: HostState) => void) => () => void
  /** Writes down what was not yet. */
  readonly write: () => void
  /** What our tables hold, as far as this process loaded it and nobody else changed it. */
  loaded: HostFrame | undefined
  sets: SetsOfHost
  found: Found
  readonly learning: Learning
  /** What rules are made for, and what the tables are known to hold. */
  readonly kernel: () => Kernel
  /** What happens when addresses of guests are others. */
  onLearned: (portDevices: readonly string[]) => void
  /** What effects ask for is done by whoever opened the host. */
  onEffect: (effect: Extract<Effect, 'look' | 'glance' | 'heal'>) => void
}

/** Looks at the contents of sets, which cost as much as there are NICs, once in so many: one hears when they change. */
const FULL_LOOK_EVERY = 20

/** The memory, the queue and the eyes of a host. */
export function openCore(options: HostOptions): HostCore {
  const { mode, rootless, stateDir, enter, backend = 'nftables' } = options
  let state: AgentState = readState(stateDir, new Date().toISOString())
  let sequence = 0
  let looks = 0
  const onTimeline = options.isLogged === true ? timelineLogger() : () => undefined
  let isClosed = false
  let isUnwritten = state.timeline.length > 0
  let queue: Promise<unknown> = Promise.resolve()
  const listeners = new Set<(state: HostState) => void>()
  const write = () => {
    if (isUnwritten) writeState(stateDir, state)
    isUnwritten = false
  }
  const perform = (effect: Effect) => {
    if (effect === 'note') {
      // The note of the change before is all that tells of it, until it is written down.
      write()
      writeNote(stateDir, state)
    } else if (effect === 'persist') isUnwritten = true
    else if (effect === 'distrust') core.loaded = undefined
    else if (effect === 'publish') {
      sequence += 1
      if (listeners.size === 0) return
      const told = core.report()
      for (const listener of listeners) listener(told)
    } else core.onEffect(effect)
  }
  const core: HostCore = {
    options,
    nft: nftOf(enter),
    loaded: undefined,
    sets: NO_SETS,
    hearsLinks: false,
    found: { bindings: [], problems: [] },
    onEffect: () => undefined,
    onLearned: () => undefined,
    learning: openLearning({ enter, stateDir, onChanged: (names) => core.onLearned(names) }),
    kernel: () => ({
      before: core.loaded,
      capabilities: options.capabilities,
      ipsets: core.sets.ipsets,
      learned: core.learning.addresses(),
    }),
    state: () => state,
    handle: (event) => {
      const next = reconcile(state, event, new Date().toISOString())
      state = next.state
      for (const effect of next.effects) perform(effect)
      onTimeline(state.timeline)
    },
    look: async (isFull, hasNewLinks = false) => {
      const isTerse = !isFull && looks % FULL_LOOK_EVERY !== 0
      looks += 1
      const since = new Date().toISOString()
      const withLinks = hasNewLinks || !isTerse || !core.hearsLinks
      const observation = await observe(enter, { backend: state.backend, isTerse, withLinks })
      core.handle({ kind: 'observed', observation, since })
      write()
      if (state.backend === 'nftables') core.nft.prepare()
    },
    inTurn: (work) => {
      const turn = queue.then(work, work)
      queue = turn.catch(() => undefined)
      return turn
    },
    inBackground: (work) => {
      const unlessClosed = async () => (isClosed ? undefined : work())
      void core.inTurn(unlessClosed).catch((error: unknown) => {
        if (!isClosed) log('error', 'failed', { text: wordsOf(error) })
      })
    },
    close: () => {
      isClosed = true
      core.learning.close()
      core.nft.close()
    },
    report: () => {
      const sets = [...core.sets.ipsets.values()].map(({ name, dimensions, family = null }) => {
        return { name, dimensions, family }
      })
      const { capabilities = LEAST_CAPABILITIES } = options
      const at = new Date().toISOString()
      const learning = core.learning.views()
      return reportState(state, {
        host: hostname(),
        mode,
        rootless,
        sets,
        capabilities,
        learning,
        found: core.found,
        sequence,
        at,
      })
    },
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    write,
  }
  const isUnused = Object.keys(state.applied).length === 0 && state.pending === null && state.lostAt === null
  if (isUnused) state = { ...state, backend }
  return core
}
