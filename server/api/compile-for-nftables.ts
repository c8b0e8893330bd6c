import { type Binding, type CompiledNftables, compileNftables, LEAST_CAPABILITIES, positionsIn } from '#engine'
import type { Catalog } from './catalog.ts'

/** One binding by itself for nftables: the rules it would share with others, and its own elements. */
export function compileForNftables({ graph, filters }: Catalog, binding: Binding): CompiledNftables {
  const positions = new Map<string, ReturnType<typeof positionsIn>>()
  const lineOf = ({ source, span }: { readonly source: string; readonly span: { readonly start: number } }) => {
    const name = source.slice(source.indexOf(':') + 1)
    const known = positions.get(name) ?? positionsIn(filters.get(name)?.stored.xml ?? '')
    positions.set(name, known)
    return known(span.start).line
  }
  const input = { filters: graph.filters, bindings: [binding], dialect: 'libvirt', lineOf } as const
  return compileNftables(input, { capabilities: LEAST_CAPABILITIES, observed: new Set() })
}
