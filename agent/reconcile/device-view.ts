import type { KernelChain } from '../link/contract.ts'
import type { AgentState } from './agent-state.ts'
import { chainsOfDevice, fingerprint } from './chains-of-device.ts'
import type { NftObservation } from './observation.ts'

type Live = NonNullable<AgentState['live']>

/** Our chains of a device, as the kernel holds them. */
export function chainsOf({ chains, nft }: Live, portDevice: string): readonly KernelChain[] {
  return nft === undefined ? chainsOfDevice(chains, portDevice) : reachable(nft, portDevice)
}

/** Everything of ours about a device as one text without counters: what drift is measured by. Empty where there is nothing. */
export function fingerprintOf({ chains, nft }: Live, portDevice: string): string {
  if (nft === undefined) return fingerprint(chains, portDevice)
  const { elements = [] } = nft.devices?.get(portDevice) ?? {}
  const rules = reachable(nft, portDevice).flatMap(({ name, rules }) => [
    `:${name}`,
    ...rules.map(({ text }) => `${name} ${text}`),
  ])
  return [...elements.toSorted(), ...rules].join('\n')
}

/** The chains that frames of the device enter, and those they jump to. */
function reachable({ chains, devices }: NftObservation, portDevice: string): readonly KernelChain[] {
  const byName = new Map(chains.map((chain) => [chain.name, chain]))
  const names = new Set(devices?.get(portDevice)?.entries)
  for (const name of names)
    for (const { text } of byName.get(name)?.rules ?? []) {
      const target = /(?:^| )(?:jump|goto) (\S+)/.exec(text)?.[1]
      if (target !== undefined) names.add(target)
    }
  return [...names].flatMap((name) => byName.get(name) ?? [])
}
