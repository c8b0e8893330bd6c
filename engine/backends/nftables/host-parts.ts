import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import type { Group } from './lower-group.ts'
import type { IpSets } from './lower-ipset.ts'
import type { NicInput } from './nic-input.ts'
import type { NftElement } from './ruleset.ts'

/** What one NIC adds to the tables. */
export type NicPart = {
  readonly nic: NicInput
  readonly group: Group
  /** Its elements by set or map. */
  readonly elements: ReadonlyMap<string, readonly NftElement[]>
  /** It has rules and counters of its own, to be looked at. */
  readonly isObserved: boolean
  /** Why its chains are shared with no other NIC; undefined where they are. */
  readonly apart: string | undefined
  /** Two words of what it adds, for the hash of the host. */
  readonly hash: readonly [number, number]
}

/** All NICs of a host, each by itself: what two hosts have in common is the same object. */
export type HostParts = {
  readonly parts: ReadonlyMap<string, NicPart>
  /** Groups by what makes NICs share them; some may have lost their last NIC. */
  readonly groups: ReadonlyMap<string, Group>
  /** What stands in the way of a NIC, by port device: it has no part. */
  readonly diagnostics: ReadonlyMap<string, readonly Diagnostic[]>
  /** The sets that rules with `ipset` look into. */
  readonly ipsets: IpSets
}
