import type {
  BackendName,
  BrokenDevice,
  ForeignChain,
  KernelChain,
  OpenWindow,
  PortDeviceState,
  TimelineEntry,
} from '../link/contract.ts'
import type { FilterTexts } from './filter-texts.ts'
import { type Healing, NO_DRIFT } from './healing.ts'
import type { NftObservation } from './observation.ts'
import type { TableChange } from './table-change.ts'

/** What was installed on a device, and the fingerprint the kernel showed behind it; null until it was looked at. */
export type AppliedDevice = NonNullable<PortDeviceState['lastApplied']> & { readonly fingerprint: string | null }

/** A desired binding that cannot be compiled: what was asked for, word for word. */
export type BrokenBinding = Omit<BrokenDevice, 'portDevice'> & {
  readonly bindingXml: string
  readonly filters: FilterTexts
}

/** A rule's total and the kernel's value it was made of, so that a reset of the kernel's counter never lowers the total. */
export type Total = {
  readonly packets: number
  readonly bytes: number
  readonly seenPackets: number
  readonly seenBytes: number
}

/** A change that waits for its confirmation, and what its devices had before; null stands for no rules. */
export type ConfirmWindow = Omit<OpenWindow, 'portDevices'> & {
  readonly key: string
  readonly before: Readonly<Record<string, Omit<AppliedDevice, 'fingerprint'> | null>>
}

/** A transaction that was begun: what the kernel may hold after a crash, and what else changes with it. */
export type PendingChange = {
  readonly generation: string
  readonly devices: Readonly<Record<string, Omit<AppliedDevice, 'fingerprint'> | null>>
  /** Devices whose binding turned out to be broken, and null for those that are no more. */
  readonly broken: Readonly<Record<string, BrokenBinding | null>>
  /** The window that opens with it. */
  readonly opens: ConfirmWindow | null
  /** The window that it takes back. */
  readonly closes: string | null
  readonly why: ApplyReason
  readonly by: string | null
}

/** Why a transaction is given to the kernel. */
export type ApplyReason =
  | 'asked'
  | 'healing'
  | 'rolling-back'
  | 'learned'
  | 'observing'
  | 'sets'
  | 'switching'
  | 'start'

/** Everything the agent remembers. Plain data: it is written to disk as it is, but for what is marked. */
export type AgentState = {
  /** Whose rules the kernel holds. */
  readonly backend: BackendName
  readonly applied: Readonly<Record<string, AppliedDevice>>
  /** Devices whose desired binding is not the applied one, because it cannot be compiled. */
  readonly broken: Readonly<Record<string, BrokenBinding>>
  /** Devices that get nftables rules and counters of their own, to be looked at. */
  readonly observed: readonly string[]
  /** The hash of what our nftables tables hold; empty where there are none. */
  readonly generation: string
  /** What our tables showed beside the devices when they were looked at behind the last transaction; null until then. */
  readonly frame: string | null
  /** Written down before a transaction, removed after it: tells after a crash what the kernel may hold. */
  readonly pending: PendingChange | null
  readonly windows: Readonly<Record<string, ConfirmWindow>>
  readonly healing: Healing
  readonly timeline: readonly TimelineEntry[]
  readonly totals: Readonly<Record<string, Total>>
  readonly countersSince: string | null
  /** The start of the system that all of this belongs to; empty before it was told. */
  readonly boot: string
  /** Since when nobody knows what the rules in the kernel were made of; null where that is known. */
  readonly lostAt: string | null
  /** Not written down: what the kernel showed last. */
  readonly live: Live | null
  /** Not written down: what it showed behind the last transaction. */
  readonly baseline: { readonly nft: NftObservation; readonly at: string } | null
  /** Not written down: a transaction of somebody else that touched our tables, and was not looked into yet. */
  readonly touched: { readonly change: TableChange; readonly at: string } | null
  /** Not written down: the transactions that were begun last, by what they make of our tables. */
  readonly sent: readonly { readonly generation: string; readonly at: string }[]
  /** Not written down: when the kernel took a transaction of ours last. */
  readonly madeAt: string | null
  /** Not written down: a heal was asked for and has not ended. */
  readonly isHealing: boolean
}

export type Live = {
  readonly chains: readonly KernelChain[]
  readonly nft: NftObservation | undefined
  readonly portDevices: readonly string[]
  readonly foreign: readonly ForeignChain[]
  readonly bridgeNetfilter: readonly ('ip' | 'ip6')[] | undefined
  /** The number of each bridge that has ports: a new one has another number, whatever its name. */
  readonly bridges: ReadonlyMap<string, number>
}

/** The parts of the state that are not written down. */
export const UNWRITTEN = {
  live: null,
  baseline: null,
  touched: null,
  sent: [],
  madeAt: null,
  isHealing: false,
} as const satisfies Partial<AgentState>

export const EMPTY_STATE: AgentState = {
  backend: 'nftables',
  applied: {},
  broken: {},
  observed: [],
  generation: '',
  frame: null,
  pending: null,
  windows: {},
  healing: NO_DRIFT,
  timeline: [],
  totals: {},
  countersSince: null,
  boot: '',
  lostAt: null,
  ...UNWRITTEN,
}
