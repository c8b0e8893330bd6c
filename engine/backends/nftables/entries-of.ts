import type { Group } from './lower-group.ts'
import { MAPS } from './maps.ts'
import type { NftElement } from './ruleset.ts'

/** What leads the frames of a NIC into its chains, by the name of the map. */
export function entriesOf(portDevice: string, { entries }: Group): readonly (readonly [string, NftElement])[] {
  return [...entries].map(([place, chain]) => {
    const kind = place.startsWith('ethernet') ? 'goto' : 'jump'
    return [MAPS[place]?.name ?? '', { key: [portDevice], verdict: { kind, chain } }] as const
  })
}
