import type { KernelChain, PortDeviceState } from '../link/contract.ts'

/** What was installed on a device, the fingerprint the kernel then showed, and the keys of its rules by chain and place. */
export type AppliedDevice = NonNullable<PortDeviceState['lastApplied']> & { readonly fingerprint: string }

/** A rule's total and the kernel's value it was made of, so that a reset of the kernel's counter never lowers the total. */
export type Total = {
  readonly packets: number
  readonly bytes: number
  readonly seenPackets: number
  readonly seenBytes: number
}

/** Everything the agent remembers. Plain data: it is written to disk as it is. */
export type AgentState = {
  readonly applied: Readonly<Record<string, AppliedDevice>>
  /** Written down before a transaction, removed after it: tells after a crash what the kernel may hold. */
  readonly pending: Readonly<Record<string, Omit<AppliedDevice, 'fingerprint'> | null>> | null
  readonly totals: Readonly<Record<string, Total>>
  readonly countersSince: string | null
  readonly live: { readonly chains: readonly KernelChain[]; readonly portDevices: readonly string[] } | null
}

export const EMPTY_STATE: AgentState = { applied: {}, pending: null, totals: {}, countersSince: null, live: null }
