import type { HostState, PortDeviceState } from '../link/contract.ts'
import type { AgentState } from './agent-state.ts'
import { chainsOfDevice, fingerprint } from './chains-of-device.ts'
import { countersOf } from './count.ts'

/** What the agent tells the server about every device it sees or remembers. */
export function reportState(state: AgentState, facts: Omit<HostState, 'portDevices'>): HostState {
  const present = state.live?.portDevices ?? []
  const names = [
    ...new Set([
      ...present.filter((name) => name !== 'outside' || facts.mode !== 'lab'),
      ...Object.keys(state.applied),
    ]),
  ]
  return { ...facts, portDevices: names.sort().map((name) => reportDevice(state, name, present.includes(name))) }
}

function reportDevice(state: AgentState, portDevice: string, present: boolean): PortDeviceState {
  const chains = state.live?.chains ?? []
  const applied = state.applied[portDevice]
  const now = fingerprint(chains, portDevice)
  const drift = applied === undefined && now === '' ? 'none' : applied?.fingerprint === now ? 'in-sync' : 'drifted'
  const lastApplied =
    applied === undefined
      ? null
      : { at: applied.at, filter: applied.filter, bindingXml: applied.bindingXml, filters: applied.filters }
  return {
    portDevice,
    present,
    lastApplied,
    kernel: chainsOfDevice(chains, portDevice),
    drift,
    counters: countersOf(state, portDevice),
    countersSince: state.countersSince,
  }
}
