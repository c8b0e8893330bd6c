import type { BackendName, KernelChain, PortDeviceState } from '../link/contract.ts'
import type { NftObservation } from './observation.ts'

/** What was installed on a device, and the fingerprint the kernel showed behind it; null until it was looked at. */
export type AppliedDevice = NonNullable<PortDeviceState['lastApplied']> & { readonly fingerprint: string | null }

/** A rule's total and the kernel's value it was made of, so that a reset of the kernel's counter never lowers the total. */
export type Total = {
  readonly packets: number
  readonly bytes: number
  readonly seenPackets: number
  readonly seenBytes: number
}

/** Everything the agent remembers. Plain data: it is written to disk as it is, but for `live`. */
export type AgentState = {
  /** Whose rules the kernel holds. */
  readonly backend: BackendName
  readonly applied: Readonly<Record<string, AppliedDevice>>
  /** Devices that get nftables rules and counters of their own, to be looked at. */
  readonly observed: readonly string[]
  /** The hash of what our nftables tables hold; empty where there are none. */
  readonly generation: string
  /** Written down before a transaction, removed after it: tells after a crash what the kernel may hold. */
  readonly pending: {
    readonly generation: string
    readonly devices: Readonly<Record<string, Omit<AppliedDevice, 'fingerprint'> | null>>
  } | null
  readonly totals: Readonly<Record<string, Total>>
  readonly countersSince: string | null
  readonly live: {
    readonly chains: readonly KernelChain[]
    readonly nft: NftObservation | undefined
    readonly portDevices: readonly string[]
  } | null
}

export const EMPTY_STATE: AgentState = {
  backend: 'nftables',
  applied: {},
  observed: [],
  generation: '',
  pending: null,
  totals: {},
  countersSince: null,
  live: null,
}
