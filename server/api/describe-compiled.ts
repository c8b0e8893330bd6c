import {
  type Binding,
  compileBinding,
  finalChains,
  finalIpChains,
  printCommands,
  printLearning,
  printTable,
} from '#engine'
import type { BackendName } from '../../agent/link/contract.ts'
import type { Catalog } from './catalog.ts'
import { compileForNftables, type HostAbilities } from './compile-for-nftables.ts'
import { ebiptablesSections, nftablesSections, type RuleSection } from './effective-rules.ts'

/**
 * What a binding becomes by each backend, and the rules of the one that the agent uses as a packet meets them. Null where it becomes
 * nothing. `binding` has the addresses that were learned; without one that it needs these are the temporary rules.
 */
export function describeCompiled(
  catalog: Catalog,
  binding: Binding,
  { backend, ...host }: { readonly backend: BackendName } & HostAbilities,
) {
  const libvirt = compileBinding({ filters: catalog.graph.filters, binding, dialect: 'libvirt' })
  const ruleset = libvirt.value?.ruleset
  const { learning = null } = libvirt
  if (ruleset === undefined && (learning === null || backend === 'ebiptables')) return null
  const textOf = (filter: string) => catalog.filters.get(filter)?.stored.xml
  const nft = compileForNftables(catalog, binding, host)
  const error = nft.found.find(({ severity }) => severity === 'error')
  const sections: readonly RuleSection[] =
    ruleset !== undefined && (backend === 'ebiptables' || error !== undefined)
      ? ebiptablesSections(ruleset, textOf)
      : nftablesSections(nft.ruleset, binding.portDevice, textOf)
  const commands =
    ruleset !== undefined ? printCommands(ruleset) : learning === null ? [] : printLearning(binding, learning)
  return {
    sections,
    /** These are the temporary rules under which an address is learned. */
    isTemporary: ruleset === undefined,
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
    chains: (ruleset === undefined ? [] : [...finalChains(ruleset), ...finalIpChains(ruleset)]).map(
      ({ tool, name, rules }) => ({ tool, name, rules: rules.map(({ text }) => text) }),
    ),
    commands: commands.map((command) => command.join(' ')),
  }
}
