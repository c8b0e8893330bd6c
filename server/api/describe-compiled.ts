import { finalChains, finalIpChains, printCommands, printTable } from '#engine'
import type { BackendName } from '../../agent/link/contract.ts'
import type { Catalog, CatalogBinding } from './catalog.ts'
import { compileForNftables, type HostAbilities } from './compile-for-nftables.ts'
import { ebiptablesSections, nftablesSections, type RuleSection } from './effective-rules.ts'

/** What a binding becomes by each backend, and the rules of the one that the agent uses as a packet meets them. */
export function describeCompiled(
  catalog: Catalog,
  { binding, compiled }: CatalogBinding,
  { backend, ...host }: { readonly backend: BackendName } & HostAbilities,
) {
  const ruleset = compiled.value?.ruleset
  if (binding === undefined || ruleset === undefined) return null
  const textOf = (filter: string) => catalog.filters.get(filter)?.stored.xml ?? ''
  const nft = compileForNftables(catalog, binding, host)
  const error = nft.found.find(({ severity }) => severity === 'error')
  const sections: readonly RuleSection[] =
    backend === 'ebiptables' || error !== undefined
      ? ebiptablesSections(ruleset, textOf)
      : nftablesSections(nft.ruleset, binding.portDevice, textOf)
  return {
    sections,
    nftables:
      error === undefined
        ? {
            tables: nft.ruleset.tables.map((table) => ({
              name: `${table.family} ${table.name}`,
              text: printTable(table),
            })),
            apart: nft.parts.parts.get(binding.portDevice)?.apart ?? null,
            refusal: null,
          }
        : { tables: [], apart: null, refusal: error.message },
    chains: [...finalChains(ruleset), ...finalIpChains(ruleset)].map(({ tool, name, rules }) => ({
      tool,
      name,
      rules: rules.map(({ text }) => text),
    })),
    commands: printCommands(ruleset).map((command) => command.join(' ')),
  }
}
