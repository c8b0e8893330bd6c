/** What the kernel and nft of a host can do for bridged traffic, as far as rules differ by it. */
export type NftCapabilities = {
  /** `ct` expressions work in the bridge family (nf_conntrack_bridge). Without them bits of the mark carry the state. */
  readonly bridgeConntrack: boolean
  /** The bits of the mark that are ours; the others are never changed. */
  readonly markMask: number
}

/** What every kernel can do that has nf_tables for bridges. */
export const LEAST_CAPABILITIES: NftCapabilities = { bridgeConntrack: false, markMask: 0xffff0000 }
