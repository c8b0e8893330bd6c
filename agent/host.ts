import { hostname } from 'node:os'
import { applyEbtables } from './apply/apply-ebtables.ts'
import { planEbtables } from './apply/plan-ebtables.ts'
import type { DesiredStateInput, HostState, InstallOutcome } from './link/contract.ts'
import { observe } from './observe/observe.ts'
import type { AgentState } from './reconcile/agent-state.ts'
import { compileDesired } from './reconcile/compile-desired.ts'
import { type AgentEvent, reconcile } from './reconcile/reconcile.ts'
import { reportState } from './reconcile/report-state.ts'
import { readState, writeState } from './state-file.ts'

export type HostOptions = {
  readonly mode: HostState['mode']
  readonly rootless: boolean
  readonly stateDir: string
  /** Arguments that lead into the namespace whose rules are managed; none for this one. */
  readonly enter: readonly string[]
}

/** One managed host. All writes to the kernel stand in one queue. */
export type Host = {
  readonly state: () => HostState
  readonly look: () => Promise<void>
  readonly install: (input: DesiredStateInput) => Promise<InstallOutcome>
  readonly subscribe: (listener: (state: HostState) => void) => () => void
  readonly persist: () => void
}

export function openHost({ mode, rootless, stateDir, enter }: HostOptions): Host {
  let state: AgentState = readState(stateDir)
  let sequence = 0
  let queue: Promise<unknown> = Promise.resolve()
  const listeners = new Set<(state: HostState) => void>()
  const report = () => reportState(state, { host: hostname(), mode, rootless, sequence, at: new Date().toISOString() })

  const handle = (event: AgentEvent) => {
    const next = reconcile(state, event, new Date().toISOString())
    state = next.state
    for (const effect of next.effects) {
      if (effect === 'persist') writeState(stateDir, state)
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

  return {
    state: report,
    look: () => inTurn(async () => handle({ kind: 'observed', observation: await observe(enter) })),
    install: (input) => inTurn(() => install(input)),
    subscribe: (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    persist: () => writeState(stateDir, state),
  }

  async function install(input: DesiredStateInput): Promise<InstallOutcome> {
    const { devices, errors } = compileDesired(input)
    if (errors.length > 0)
      return {
        ok: false,
        reason: 'input',
        message: 'The filters cannot be installed; nothing was changed.',
        raw: errors.join('\n'),
      }
    // A last look, so that what the old rules have counted is not lost.
    const before = await observe(enter)
    handle({ kind: 'observed', observation: before })
    const wishes = [...devices, ...input.clear.map((portDevice) => ({ portDevice, ruleset: undefined }))]
    const plan = planEbtables(wishes, before.chains)
    if ('error' in plan)
      return {
        ok: false,
        reason: 'input',
        message: 'A value cannot be given to ebtables; nothing was changed.',
        raw: plan.error,
      }
    handle({ kind: 'applying', devices, clear: input.clear })
    const refusal = await applyEbtables(plan.text, enter)
    if (refusal !== undefined) {
      handle({ kind: 'refused' })
      return {
        ok: false,
        reason: 'kernel',
        message: 'The kernel refused the rules; the previous ones stand as they were.',
        raw: refusal,
      }
    }
    handle({ kind: 'applied', observation: await observe(enter) })
    return { ok: true, at: new Date().toISOString(), portDevices: wishes.map(({ portDevice }) => portDevice) }
  }
}
