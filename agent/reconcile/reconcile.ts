import type { AgentState, AppliedDevice } from './agent-state.ts'
import { fingerprint } from './chains-of-device.ts'
import type { DesiredDevice } from './compile-desired.ts'
import { addCounts, forgetSeen, ruleKeys } from './count.ts'
import type { Observation } from './observation.ts'

export type AgentEvent =
  | { readonly kind: 'observed'; readonly observation: Observation }
  /** A transaction is about to be given to the kernel. */
  | { readonly kind: 'applying'; readonly devices: readonly DesiredDevice[]; readonly clear: readonly string[] }
  /** The kernel took it; `observation` was made right behind it. */
  | { readonly kind: 'applied'; readonly observation: Observation }
  /** The kernel refused it: everything is as before. */
  | { readonly kind: 'refused' }

export type Effect = 'persist' | 'publish'

/** The agent's state machine: pure, time is passed in (ISO 8601). Effects are performed by the caller, in order. */
export function reconcile(
  state: AgentState,
  event: AgentEvent,
  now: string,
): { readonly state: AgentState; readonly effects: readonly Effect[] } {
  switch (event.kind) {
    case 'observed':
      return observed(settle(state, event.observation), event.observation, now)
    case 'applying': {
      const entries = event.devices.map(
        ({ portDevice, filter, bindingXml, filters }) =>
          [portDevice, { at: now, filter, bindingXml, filters }] as const,
      )
      const pending = Object.fromEntries([...entries, ...event.clear.map((portDevice) => [portDevice, null] as const)])
      return { state: { ...state, pending }, effects: ['persist'] }
    }
    case 'applied': {
      const names = Object.keys(state.pending ?? {})
      const adopted = adopt({ ...state, totals: forgetSeen(state, names) }, event.observation, names)
      return {
        ...observed({ ...adopted, totals: forgetSeen(adopted, names) }, event.observation, now),
        effects: ['persist', 'publish'],
      }
    }
    case 'refused':
      return { state: { ...state, pending: null }, effects: ['persist', 'publish'] }
  }
}

function observed(state: AgentState, observation: Observation, now: string) {
  const totals = addCounts(state, observation.chains)
  const next = {
    ...state,
    totals,
    countersSince: state.countersSince ?? now,
    live: { chains: observation.chains, portDevices: observation.portDevices },
  }
  return { state: next, effects: ['publish'] as const }
}

/** Makes what was pending the last applied state of these devices. */
function adopt(state: AgentState, observation: Observation, names: readonly string[]): AgentState {
  const applied: Record<string, AppliedDevice> = { ...state.applied }
  for (const name of names) {
    const pending = state.pending?.[name]
    if (pending === undefined || pending === null) delete applied[name]
    else applied[name] = { ...pending, fingerprint: fingerprint(observation.chains, name) }
  }
  return { ...state, applied, pending: null }
}

/**
 * After a crash between two notes the kernel holds the old state or the new one, never a mixture: a device that does not
 * look as it did before, but has the chains and rule counts of what was pending, was switched.
 */
function settle(state: AgentState, observation: Observation): AgentState {
  if (state.pending === null) return state
  const switched = Object.entries(state.pending).every(([name, pending]) => {
    const now = fingerprint(observation.chains, name)
    if (now === (state.applied[name]?.fingerprint ?? '')) return false
    return pending === null ? now === '' : hasShapeOf(observation, name, pending)
  })
  return switched ? adopt(state, observation, Object.keys(state.pending)) : { ...state, pending: null }
}

function hasShapeOf(
  observation: Observation,
  portDevice: string,
  pending: Omit<AppliedDevice, 'fingerprint'>,
): boolean {
  const keys = ruleKeys(portDevice, { ...pending, fingerprint: '' })
  return [...keys].every(
    ([name, rules]) => observation.chains.find((chain) => chain.name === name)?.rules.length === rules.length,
  )
}
