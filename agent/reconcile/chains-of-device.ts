import { chainName } from '#engine'
import type { KernelChain } from '../link/contract.ts'

const SIDES = ['from-guest', 'to-guest'] as const

/** Our chains of a device, final names: the root chains that exist, and the sub-chains they jump to. */
export function chainsOfDevice(live: readonly KernelChain[], portDevice: string): readonly KernelChain[] {
  const byName = new Map(live.map((chain) => [chain.name, chain]))
  return SIDES.flatMap((side) => {
    const root = byName.get(chainName('final', side, portDevice, 'root'))
    if (root === undefined) return []
    const prefix = chainName('final', side, portDevice, '')
    const targets = root.rules
      .map(({ text }) => / ?-j (\S+)$/.exec(text)?.[1])
      .filter((target) => target?.startsWith(prefix))
    return [root, ...[...new Set(targets)].flatMap((target) => byName.get(target ?? '') ?? [])]
  })
}

/** The rules that lead frames of the device into our chains, as `HOOK RULE`. */
export function hooksOfDevice(live: readonly KernelChain[], portDevice: string): readonly string[] {
  const roots = SIDES.map((side) => chainName('final', side, portDevice, 'root'))
  return live
    .filter(({ name }) => name === 'PREROUTING' || name === 'POSTROUTING')
    .flatMap(({ name, rules }) =>
      rules
        .filter(({ text }) => roots.some((root) => text.endsWith(`-j ${root}`)))
        .map(({ text }) => `${name} ${text}`),
    )
}

/** Everything of ours about a device as one text without counters: what drift is measured by. */
export function fingerprint(live: readonly KernelChain[], portDevice: string): string {
  const chains = chainsOfDevice(live, portDevice).flatMap(({ name, rules }) => [
    `:${name}`,
    ...rules.map(({ text }) => `${name} ${text}`),
  ])
  return [...hooksOfDevice(live, portDevice), ...chains].join('\n')
}
