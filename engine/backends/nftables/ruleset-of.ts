import type { NftCapabilities } from './capabilities.ts'
import { frameOf } from './frame-of.ts'
import type { HostParts } from './host-parts.ts'
import { leadsOf } from './leads-of.ts'
import type { NftablesRuleset, NftElement } from './ruleset.ts'

/** The parts of a host as tables, with the elements of all NICs. */
export function rulesetOf(host: HostParts, capabilities: NftCapabilities): NftablesRuleset {
  const frame = frameOf(host, capabilities)
  const elements = new Map<string, NftElement[]>()
  const listOf = (name: string) => {
    const known = elements.get(name)
    if (known !== undefined) return known
    const list: NftElement[] = []
    elements.set(name, list)
    return list
  }
  for (const [portDevice, part] of host.parts) {
    for (const [name, own] of part.elements) {
      const list = listOf(name)
      for (const element of own) list.push(element)
    }
    for (const { map, verdict } of leadsOf(part.group)) listOf(map).push({ key: [portDevice], verdict })
  }
  const tables = frame.tables.map((table) => ({
    ...table,
    sets: table.sets.map((set) => ({ ...set, elements: elements.get(set.name) ?? set.elements })),
  }))
  return { ...frame, tables }
}
