import type { NftCapabilities } from './backends/nftables/capabilities.ts'
import { frameOf } from './backends/nftables/frame-of.ts'
import { hashOfParts } from './backends/nftables/hash-of-parts.ts'
import type { HostParts } from './backends/nftables/host-parts.ts'

/** A hash of the ruleset that these NICs become, before anything is printed: equal where two compilers agree. */
export function hashOfHost(parts: HostParts, capabilities: NftCapabilities): string {
  return hashOfParts(parts, frameOf(parts, capabilities))
}
