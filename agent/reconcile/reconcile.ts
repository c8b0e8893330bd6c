import type { BackendName } from '../link/contract.ts'
import type { AgentState, AppliedDevice } from './agent-state.ts'
import type { DesiredDevice } from './compile-desired.ts'
import { addCounts, forgetSeen, ruleKeys, withoutSeen } from './count.ts'
import { fingerprintOf } from './device-view.ts'
import type { Observation } from './observation.ts'

export type AgentEvent =
  | { readonly kind: 'observed'; readonly observation: Observation }
  /** A transaction is about to be given to the kernel. */
  | {
      readonly kind: 'applying'
      readonly devices: readonly Pick<DesiredDevice, 'portDevice' | 'filter' | 'bindingXml' | 'filters'>[]
      readonly clear: readonly string[]
      /** What our nftables tables will hold; empty for ebtables. */
      readonly generation: string
    }
  /** A device is to have rules of its own, or no more. */
  | { readonly kind: 'observing'; readonly portDevice: string; readonly isObserved: boolean }
  /** The kernel took it. `fresh`: the counters that begin anew. */
  | { readonly kind: 'applied'; readonly backend: BackendName; readonly fresh: 'devices' | 'all' | 'none' }
  /** The kernel refused it: everything is as before. */
  | { readonly kind: 'refused' }

/** `note`: what is pending is written down. `persist`: everything is. */
export type Effect = 'note' | 'persist' | 'publish'

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
      const devices = Object.fromEntries([...entries, ...event.clear.map((portDevice) => [portDevice, null] as const)])
      return { state: { ...state, pending: { generation: event.generation, devices } }, effects: ['note'] }
    }
    case 'observing': {
      const others = state.observed.filter((name) => name !== event.portDevice)
      const observed = event.isObserved ? [...others, event.portDevice] : others
      return { state: { ...state, observed }, effects: ['persist'] }
    }
    case 'applied': {
      const names = Object.keys(state.pending?.devices ?? {})
      const forget = (before: AgentState) =>
        event.fresh === 'devices' ? forgetSeen(before, names) : withoutSeen(before.totals, () => event.fresh === 'all')
      const adopted = adopt({ ...state, totals: forget(state) }, names)
      return {
        state: { ...adopted, backend: event.backend, totals: forget(adopted) },
        // What it became is told by the look that follows.
        effects: ['persist'],
      }
    }
    case 'refused':
      return { state: { ...state, pending: null }, effects: ['persist', 'publish'] }
  }
}

function observed(state: AgentState, observation: Observation, now: string) {
  const { chains, portDevices } = observation
  // Sets are read now and then; what they held then is what is known.
  const nft = observation.nft && { ...observation.nft, devices: observation.nft.devices ?? state.live?.nft?.devices }
  const live = { chains, nft, portDevices }
  const next = {
    ...state,
    applied: withFingerprints(state, live, observation),
    totals: addCounts(state, observation),
    countersSince: state.countersSince ?? now,
    live,
  }
  return { state: next, effects: ['publish'] as const }
}

/** What a device looks like when it is looked at for the first time since it was applied is what it shall look like. */
function withFingerprints(
  state: AgentState,
  live: NonNullable<AgentState['live']>,
  { nft }: Observation,
): AgentState['applied'] {
  const isKnown = nft === undefined || (nft.devices !== undefined && nft.generation === state.generation)
  if (!isKnown || !Object.values(state.applied).some(({ fingerprint }) => fingerprint === null)) return state.applied
  return Object.fromEntries(
    Object.entries(state.applied).map(([name, applied]) => [
      name,
      applied.fingerprint === null ? { ...applied, fingerprint: fingerprintOf(live, name) } : applied,
    ]),
  )
}

/** Makes what was pending the last applied state of these devices. With shared rules the others may look different too. */
function adopt(state: AgentState, names: readonly string[]): AgentState {
  const applied: Record<string, AppliedDevice> = {}
  for (const [name, before] of Object.entries(state.applied)) applied[name] = { ...before, fingerprint: null }
  for (const name of names) {
    const pending = state.pending?.devices[name]
    if (pending === undefined || pending === null) delete applied[name]
    else applied[name] = { ...pending, fingerprint: null }
  }
  return { ...state, applied, generation: state.pending?.generation ?? '', pending: null }
}

/** After a crash between two notes the kernel holds the old state or the new one, never a mixture. */
function settle(state: AgentState, observation: Observation): AgentState {
  if (state.pending === null) return state
  const switched =
    observation.nft === undefined
      ? isSwitched(state, observation)
      : observation.nft.generation === state.pending.generation
  return switched ? adopt(state, Object.keys(state.pending.devices)) : { ...state, pending: null }
}

/** A device that does not look as it did before, but has the chains and rule counts of what was pending, was switched. */
function isSwitched(state: AgentState, observation: Observation): boolean {
  const live = { ...observation, nft: undefined }
  return Object.entries(state.pending?.devices ?? {}).every(([name, pending]) => {
    const now = fingerprintOf(live, name)
    if (now === (state.applied[name]?.fingerprint ?? '')) return false
    return pending === null ? now === '' : hasShapeOf(observation, name, pending)
  })
}

function hasShapeOf(
  observation: Observation,
  portDevice: string,
  pending: Omit<AppliedDevice, 'fingerprint'>,
): boolean {
  const keys = ruleKeys(portDevice, pending)
  return [...keys].every(
    ([name, rules]) => observation.chains.find((chain) => chain.name === name)?.rules.length === rules.length,
  )
}
