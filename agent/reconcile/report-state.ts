import type { LearningView } from '../learn/learning-view.ts'
import type { HostState, PortDeviceState } from '../link/contract.ts'
import type { AgentState, Live } from './agent-state.ts'
import { countersOf } from './count.ts'
import { describeBroken } from './describe-broken.ts'
import { chainsOf, fingerprintOf } from './device-view.ts'

const NOTHING: Live = {
  chains: [],
  nft: undefined,
  portDevices: [],
  foreign: [],
  bridgeNetfilter: undefined,
  bridges: new Map(),
}
/** The report is made every second: it carries the newest of the timeline. */
const MOST_TOLD = 100

/** What the host knows beside the state. */
type Facts = Pick<HostState, 'host' | 'mode' | 'rootless' | 'sets' | 'capabilities' | 'found' | 'sequence' | 'at'> & {
  readonly learning: ReadonlyMap<string, LearningView>
}

/** What the agent tells the server about every device it sees or remembers. */
export function reportState(state: AgentState, { learning, ...facts }: Facts): HostState {
  const present = state.live?.portDevices ?? []
  const names = [
    ...new Set([
      ...present.filter((name) => name !== 'outside' || facts.mode !== 'lab'),
      ...Object.keys(state.applied),
      ...Object.keys(state.broken),
    ]),
  ]
  const { policy, pausedUntil, pauseReason, stoppedAt, drift } = state.healing
  const drifted = new Set(drift?.portDevices)
  const windows = Object.values(state.windows).map(({ id, openedAt, until, by, before }) => {
    return { id, openedAt, until, by, portDevices: Object.keys(before) }
  })
  return {
    ...facts,
    backend: state.backend,
    generation: state.generation,
    healing: { policy, pausedUntil, pauseReason, stoppedAt, drift },
    windows,
    timeline: state.timeline.slice(-MOST_TOLD),
    foreign: state.live?.foreign ?? [],
    portDevices: names.sort().map((name) => ({
      ...reportDevice(state, name, { isPresent: present.includes(name), isDrifted: drifted.has(name) }),
      learning: learning.get(name) ?? null,
    })),
  }
}

function reportDevice(
  state: AgentState,
  portDevice: string,
  { isPresent, isDrifted }: { readonly isPresent: boolean; readonly isDrifted: boolean },
): Omit<PortDeviceState, 'learning'> {
  const live = state.live ?? NOTHING
  const applied = state.applied[portDevice]
  const lastApplied =
    applied === undefined
      ? null
      : { at: applied.at, filter: applied.filter, bindingXml: applied.bindingXml, filters: applied.filters }
  const broken = state.broken[portDevice]
  return {
    portDevice,
    present: isPresent,
    isObserved: state.observed.includes(portDevice),
    lastApplied,
    kernel: chainsOf(live, portDevice),
    elements: live.nft?.devices?.get(portDevice)?.elements ?? [],
    drift: isDrifted ? 'drifted' : applied === undefined ? strangeness(live, portDevice) : 'in-sync',
    broken: broken === undefined ? null : describeBroken(portDevice, broken),
    counters: countersOf(state, portDevice),
    countersSince: state.countersSince,
  }
}

/** A device without a filter of ours that has rules of ours. */
function strangeness(live: Live, portDevice: string): PortDeviceState['drift'] {
  return fingerprintOf(live, portDevice) === '' ? 'none' : 'drifted'
}
