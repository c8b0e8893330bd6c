import type { HostState, PortDeviceState } from '../link/contract.ts'
import type { AgentState } from './agent-state.ts'
import { countersOf } from './count.ts'
import { chainsOf, fingerprintOf } from './device-view.ts'

const NOTHING: NonNullable<AgentState['live']> = { chains: [], nft: undefined, portDevices: [] }

/** What the agent tells the server about every device it sees or remembers. */
export function reportState(state: AgentState, facts: Omit<HostState, 'portDevices' | 'backend'>): HostState {
  const present = state.live?.portDevices ?? []
  const names = [
    ...new Set([
      ...present.filter((name) => name !== 'outside' || facts.mode !== 'lab'),
      ...Object.keys(state.applied),
    ]),
  ]
  return {
    ...facts,
    backend: state.backend,
    portDevices: names.sort().map((name) => reportDevice(state, name, present.includes(name))),
  }
}

function reportDevice(state: AgentState, portDevice: string, present: boolean): PortDeviceState {
  const live = state.live ?? NOTHING
  const applied = state.applied[portDevice]
  const lastApplied =
    applied === undefined
      ? null
      : { at: applied.at, filter: applied.filter, bindingXml: applied.bindingXml, filters: applied.filters }
  return {
    portDevice,
    present,
    isObserved: state.observed.includes(portDevice),
    lastApplied,
    kernel: chainsOf(live, portDevice),
    elements: live.nft?.devices?.get(portDevice)?.elements ?? [],
    drift: driftOf(state, live, portDevice),
    counters: countersOf(state, portDevice),
    countersSince: state.countersSince,
  }
}

/** Whether the kernel holds something else on any device than what was applied. */
export function isDrifted(state: AgentState): boolean {
  const live = state.live ?? NOTHING
  return Object.keys(state.applied).some((portDevice) => driftOf(state, live, portDevice) === 'drifted')
}

function driftOf(
  state: AgentState,
  live: NonNullable<AgentState['live']>,
  portDevice: string,
): PortDeviceState['drift'] {
  const applied = state.applied[portDevice]
  const now = fingerprintOf(live, portDevice)
  if (applied === undefined) return now === '' ? 'none' : 'drifted'
  const isGone = live.nft !== undefined && live.nft.generation !== state.generation
  // Behind an apply nothing was compared yet: the tables hold what was loaded, and that is all that is known.
  return isGone || (applied.fingerprint !== null && applied.fingerprint !== now) ? 'drifted' : 'in-sync'
}
