import type { BackendName, KernelChain, RuleCounter } from '../../agent/link/contract.ts'
import { type AgentStatus, agentReport } from '../agents/watch-agent.ts'
import { type Catalog, loadCatalog } from './catalog.ts'

/**
 * Where a device stands. `applied`: the kernel holds what is desired. `pending`: something else is desired than was applied.
 * `drifted`: the kernel does not hold what was applied. `unfiltered`: no filter, all traffic passes. `unknown`: nobody tells.
 */
export type NicState = 'applied' | 'pending' | 'drifted' | 'unfiltered' | 'unknown'

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
    nics: names.map((name) => nicLive(catalog, name, reported.get(name), status)),
  }
}

type Reported = NonNullable<ReturnType<typeof agentReport>['state']>['portDevices'][number]

function nicLive(catalog: Catalog, portDevice: string, reported: Reported | undefined, status: AgentStatus): NicLive {
  const isDesired = isSameAsDesired(catalog, portDevice, reported?.lastApplied ?? null)
  const drifted = reported?.drift === 'drifted'
  const hasBinding = catalog.bindings.has(portDevice)
  const known = drifted ? 'drifted' : !isDesired ? 'pending' : hasBinding ? 'applied' : 'unfiltered'
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
  }
}

/** The last applied state was made of exactly the texts that are desired now. */
function isSameAsDesired(catalog: Catalog, portDevice: string, applied: Reported['lastApplied']): boolean {
  const desired = catalog.bindings.get(portDevice)
  if (desired === undefined || applied === null) return desired === undefined && applied === null
  const texts = new Map(applied.filters.map(({ name, xml }) => [name, xml]))
  return (
    applied.bindingXml === desired.stored.xml &&
    texts.size === desired.closure.length &&
    desired.closure.every((name) => texts.get(name) === catalog.filters.get(name)?.stored.xml)
  )
}
