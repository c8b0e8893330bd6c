import type { NftCapabilities } from './capabilities.ts'
import { frameTables } from './frame-tables.ts'
import type { HostParts } from './host-parts.ts'
import type { NftablesRuleset } from './ruleset.ts'

/** The tables of a host without the elements of NICs: it is as large for one NIC as for thousands. */
export function frameOf({ parts, ipsets }: HostParts, capabilities: NftCapabilities): NftablesRuleset {
  return frameTables([...new Set([...parts.values()].map(({ group }) => group))], capabilities, ipsets)
}
