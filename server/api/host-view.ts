import type { BackendName, KernelChain, PortDeviceState, RuleCounter } from '../../agent/link/contract.ts'
import { type AgentStatus, agentReport } from '../agents/watch-agent.ts'
import { type Catalog, loadCatalog } from './catalog.ts'
import { detailOf } from './host-detail.ts'

/**
 * Where a device stands. `applied`: the kernel holds what is desired. `pending`: something else is desired than was applied.
 * `drifted`: the kernel does not hold what was applied. `broken`: what was asked for last cannot be compiled. `unfiltered`: no
 * filter, all traffic passes. `unknown`: nobody tells.
 */
export type NicState = 'applied' | 'pending' | 'drifted' | 'broken' | 'unfiltered' | 'unknown'

export type NicLive = {
  readonly portDevice: string
  readonly present: boolean
  readonly state: NicState
  readonly appliedAt: string | null
  readonly appliedFilter: string | null
  readonly isDesired: boolean
  readonly drifted: boolean
  readonly kernel: readonly KernelChain[]
  readonly elements: readonly string[]
  readonly isObserved: boolean
  readonly counters: readonly RuleCounter[]
  readonly countersSince: string | null
  readonly broken: PortDeviceState['broken']
  readonly learning: PortDeviceState['learning']
}

/** What the pages know of the host: at most one second old while the agent is connected. */
export type HostView = {
  readonly agent: AgentStatus
  readonly host: string | null
  readonly mode: string | null
  readonly rootless: boolean
  /** How the agent installs rules, as far as it has told. */
  readonly backend: BackendName
  readonly sequence: number
  /** When the agent made its last report, by the clock of this server. */
  readonly receivedAt: string | null
  /** The kernel holds something else than was applied. */
  readonly isDrifted: boolean
  /** Nothing is healed any more, because something undid each heal. */
  readonly isStopped: boolean
  /** Changes that wait for their confirmation. */
  readonly windows: number
  /** Which detail of the host goes with this view; it is asked for where somebody looks. */
  readonly revision: string | null
  readonly nics: readonly NicLive[]
}

export async function hostView(): Promise<HostView> {
  const catalog = await loadCatalog()
  const { status, state, receivedAt } = agentReport()
  const reported = new Map(state?.portDevices.map((device) => [device.portDevice, device]))
  const names = [...new Set([...catalog.bindings.keys(), ...reported.keys()])].sort()
  return {
    agent: status,
    host: state?.host ?? null,
    mode: state?.mode ?? null,
    rootless: state?.rootless ?? false,
    backend: state?.backend ?? 'nftables',
    sequence: state?.sequence ?? 0,
    receivedAt: receivedAt === undefined ? null : new Date(receivedAt).toISOString(),
    isDrifted: state !== undefined && state.healing.drift !== null,
    isStopped: state !== undefined && state.healing.stoppedAt !== null,
    windows: state?.windows.length ?? 0,
    revision: state === undefined ? null : detailOf(state).revision,
    nics: names.map((name) => nicLive(catalog, name, reported.get(name), status)),
  }
}

function nicLive(
  catalog: Catalog,
  portDevice: string,
  reported: PortDeviceState | undefined,
  status: AgentStatus,
): NicLive {
  const isDesired = isSameAsDesired(catalog, portDevice, reported?.lastApplied ?? null)
  const drifted = reported?.drift === 'drifted'
  const broken = reported?.broken ?? null
  const hasBinding = catalog.bindings.has(portDevice)
  const settled = !isDesired ? 'pending' : hasBinding ? 'applied' : 'unfiltered'
  const known = drifted ? 'drifted' : broken !== null ? 'broken' : settled
  return {
    portDevice,
    present: reported?.present ?? false,
    state: status === 'connected' ? known : 'unknown',
    appliedAt: reported?.lastApplied?.at ?? null,
    appliedFilter: reported?.lastApplied?.filter ?? null,
    isDesired,
    drifted,
    kernel: reported?.kernel ?? [],
    elements: reported?.elements ?? [],
    isObserved: reported?.isObserved ?? false,
    counters: reported?.counters ?? [],
    countersSince: reported?.countersSince ?? null,
    broken,
    learning: reported?.learning ?? null,
  }
}

/** The last applied state was made of exactly the texts that are desired now. */
function isSameAsDesired(catalog: Catalog, portDevice: string, applied: PortDeviceState['lastApplied']): boolean {
  const desired = catalog.bindings.get(portDevice)
  if (desired === undefined || applied === null) return desired === undefined && applied === null
  const texts = new Map(applied.filters.map(({ name, xml }) => [name, xml]))
  return (
    applied.bindingXml === desired.stored.xml &&
    texts.size === desired.closure.length &&
    desired.closure.every((name) => texts.get(name) === catalog.filters.get(name)?.stored.xml)
  )
}
