import { shortHash } from '#engine'
import type { KernelChain } from '../link/contract.ts'
import type { AgentState } from './agent-state.ts'
import { chainsOfDevice, fingerprint } from './chains-of-device.ts'
import type { NftObservation } from './observation.ts'

type Live = Pick<NonNullable<AgentState['live']>, 'chains' | 'nft'>
/** What devices with the same entry chains have in common. */
type Shared = { readonly chains: readonly KernelChain[]; readonly hash: string }

const known = new WeakMap<readonly KernelChain[], Map<string, Shared>>()

/** Our chains of a device, as the kernel holds them. */
export function chainsOf({ chains, nft }: Live, portDevice: string): readonly KernelChain[] {
  return nft === undefined ? chainsOfDevice(chains, portDevice) : sharedOf(nft, portDevice).chains
}

/** Everything of ours about a device as one text without counters: what drift is measured by. Empty where there is nothing. */
export function fingerprintOf({ chains, nft }: Live, portDevice: string): string {
  if (nft === undefined) return fingerprint(chains, portDevice)
  const { elements = [] } = nft.devices?.get(portDevice) ?? {}
  if (elements.length === 0) return ''
  return `${sortedText(elements)}\n${sharedOf(nft, portDevice).hash}`
}

const sorted = new WeakMap<readonly string[], string>()

/** Contents of sets are read now and then, and compared every second. */
function sortedText(elements: readonly string[]): string {
  const known = sorted.get(elements) ?? elements.toSorted().join('\n')
  sorted.set(elements, known)
  return known
}

/** Thousands of devices share a handful of chains: they are looked through once for each look at the kernel. */
function sharedOf(nft: NftObservation, portDevice: string): Shared {
  const { chains } = nft
  const ofChains = known.get(chains) ?? new Map<string, Shared>()
  known.set(chains, ofChains)
  const entries = nft.devices?.get(portDevice)?.entries ?? []
  const key = entries.join(' ')
  const before = ofChains.get(key)
  if (before !== undefined) return before
  const found = reachable(chains, entries)
  const text = found
    .map(({ name, rules }) => [`${name} ${nft.handles.get(name)}`, ...rules.map((rule) => rule.text)].join('\n'))
    .join('\n')
  const shared = { chains: found, hash: shortHash(text) }
  ofChains.set(key, shared)
  return shared
}

/** The chains that frames enter, and those they jump to. */
function reachable(chains: readonly KernelChain[], entries: readonly string[]): readonly KernelChain[] {
  const byName = new Map(chains.map((chain) => [chain.name, chain]))
  const names = new Set(entries)
  for (const name of names)
    for (const { text } of byName.get(name)?.rules ?? []) {
      const target = /(?:^| )(?:jump|goto) (\S+)/.exec(text)?.[1]
      if (target !== undefined) names.add(target)
      // A NIC whose connections are counted has the rules of this chain in the table of its IP version.
      const family = /are counted in table (ip6?) /.exec(text)?.[1]
      for (const ending of family === undefined ? [] : ['', '.host']) names.add(`${family} ${name}${ending}`)
    }
  return [...names].flatMap((name) => byName.get(name) ?? [])
}
