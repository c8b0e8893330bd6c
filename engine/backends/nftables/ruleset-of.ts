import type { NftCapabilities } from './capabilities.ts'
import { frameTables } from './frame-tables.ts'
import type { HostParts } from './host-parts.ts'
import type { Group } from './lower-group.ts'
import type { NftablesRuleset, NftElement } from './ruleset.ts'
import type { SetContents } from './set-use.ts'

/** The parts of a host as tables. */
export function rulesetOf({ parts }: HostParts, capabilities: NftCapabilities): NftablesRuleset {
  const groups = new Set<Group>()
  const sets = new Map<string, SetContents>()
  const dispatch = new Map<string, NftElement[]>()
  for (const [portDevice, { group, uses, elements }] of parts) {
    groups.add(group)
    for (const use of uses) {
      const contents = sets.get(use.name) ?? { use, elements: [] }
      sets.set(use.name, contents)
      for (const element of elements.get(use.name) ?? []) contents.elements.push(element)
    }
    for (const [place, element] of entriesOf(portDevice, group)) {
      const map = dispatch.get(place) ?? []
      dispatch.set(place, map)
      map.push(element)
    }
  }
  return frameTables({ groups: [...groups], sets, dispatch, capabilities })
}

/** What leads the frames of a NIC into its chains, by place. */
export function entriesOf(portDevice: string, { entries }: Group): readonly (readonly [string, NftElement])[] {
  return [...entries].map(([place, chain]) => {
    const kind = place.startsWith('ethernet') ? 'goto' : 'jump'
    return [place, { key: [portDevice], verdict: { kind, chain } }] as const
  })
}
