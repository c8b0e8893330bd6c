import type { Group } from './lower-group.ts'
import { MAPS } from './maps.ts'
import type { NftElement } from './ruleset.ts'

/** What a map has for the NICs of a group. */
type Lead = { readonly map: string; readonly verdict: NonNullable<NftElement['verdict']> }

const known = new WeakMap<Group, readonly Lead[]>()

/** What leads the frames of a NIC into the chains of its group: an element of each map, with the NIC for its key. */
export function leadsOf(group: Group): readonly Lead[] {
  const before = known.get(group)
  if (before !== undefined) return before
  const leads = [...group.entries].map(([place, chain]): Lead => {
    const kind = place.startsWith('ethernet') ? 'goto' : 'jump'
    return { map: MAPS[place]?.name ?? '', verdict: { kind, chain } }
  })
  known.set(group, leads)
  return leads
}
