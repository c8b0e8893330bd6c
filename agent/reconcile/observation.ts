import type { ForeignChain, KernelChain } from '../link/contract.ts'

/** Our nftables table at one moment. */
export type NftObservation = {
  /** The hash of the state that was loaded last; undefined where our table is not there. */
  readonly generation: string | undefined
  readonly chains: readonly KernelChain[]
  /** The handles of the rules of each chain, in order. */
  readonly handles: ReadonlyMap<string, string>
  /** What all devices have in common, as a text. */
  readonly frame: string
  /** Elements that belong to no device; undefined where sets were not read. */
  readonly own: readonly string[] | undefined
  readonly counters: readonly { readonly name: string; readonly packets: number; readonly bytes: number }[]
  /** By device: its elements, as `SET KEY`, and the chains its frames enter. Undefined where sets were not read. */
  readonly devices:
    | ReadonlyMap<string, { readonly elements: readonly string[]; readonly entries: readonly string[] }>
    | undefined
}

/** What the host looks like at one moment. `portDevices` are the ports of bridges. */
export type Observation = {
  /** Chains of ebtables; none where the backend does not look at them. */
  readonly chains: readonly KernelChain[]
  readonly nft: NftObservation | undefined
  /** Undefined where devices were not looked at. */
  readonly portDevices: readonly string[] | undefined
  /** The numbers of the bridges that have ports, by name; undefined likewise. */
  readonly bridges: ReadonlyMap<string, number> | undefined
  /** Rules of others in the way of frames; undefined where they were not looked at. */
  readonly foreign: readonly ForeignChain[] | undefined
  /** IP versions whose bridged packets pass the hooks of IP; undefined where that was not looked at. */
  readonly bridgeNetfilter: readonly ('ip' | 'ip6')[] | undefined
}
