import type { KernelChain } from '../link/contract.ts'

/** What the host looks like at one moment. `portDevices` are the ports of bridges. */
export type Observation = { readonly chains: readonly KernelChain[]; readonly portDevices: readonly string[] }
