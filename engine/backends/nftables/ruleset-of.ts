import type { NftCapabilities } from './capabilities.ts'
import { entriesOf } from './entries-of.ts'
import { frameOf } from './frame-of.ts'
import type { HostParts } from './host-parts.ts'
import type { NftablesRuleset, NftElement } from './ruleset.ts'

/** The parts of a host as tables, with the elements of all NICs. */
export function rulesetOf(host: HostParts, capabilities: NftCapabilities): NftablesRuleset {
  const frame = frameOf(host, capabilities)
  const elements = new Map<string, NftElement[]>()
  const listOf = (name: string) => {
    const list = elements.get(name) ?? []
    elements.set(name, list)
    return list
  }
  for (const [portDevice, part] of host.parts) {
    for (const [name, own] of part.elements) for (const element of own) listOf(name).push(element)
    for (const [name, element] of entriesOf(portDevice, part.group)) listOf(name).push(element)
  }
  const tables = frame.tables.map((table) => ({
    ...table,
    sets: table.sets.map((set) => ({ ...set, elements: elements.get(set.name) ?? set.elements })),
  }))
  return { ...frame, tables }
}
