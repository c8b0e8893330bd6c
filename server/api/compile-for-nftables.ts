import {
  type Binding,
  type CompiledNftables,
  compileNftables,
  type IpSet,
  type NftCapabilities,
  positionsIn,
} from '#engine'
import type { HostSet } from '../../agent/link/contract.ts'
import type { Catalog } from './catalog.ts'

/** What the host of a binding has, as its agent told. */
export type HostAbilities = { readonly sets: readonly HostSet[]; readonly capabilities: NftCapabilities }

/** One binding by itself for nftables, with the sets of the host: the rules it would share with others, and its own elements. */
export function compileForNftables(
  { graph, filters }: Catalog,
  binding: Binding,
  { sets, capabilities }: HostAbilities,
): CompiledNftables {
  const positions = new Map<string, ReturnType<typeof positionsIn>>()
  const lineOf = ({ source, span }: { readonly source: string; readonly span: { readonly start: number } }) => {
    const name = source.slice(source.indexOf(':') + 1)
    const known = positions.get(name) ?? positionsIn(filters.get(name)?.stored.xml ?? '')
    positions.set(name, known)
    return known(span.start).line
  }
  const input = { filters: graph.filters, bindings: [binding], dialect: 'libvirt', lineOf } as const
  const ipsets = new Map(sets.map((set) => [set.name, withoutEntries(set)]))
  return compileNftables(input, { capabilities, observed: new Set(), ipsets })
}

function withoutEntries({ name, dimensions, family }: HostSet): IpSet {
  return { name, dimensions, family: family ?? undefined, entries: [], source: 'host', span: { start: 0, end: 0 } }
}
