import type { RuleInstance } from '../instantiate/rule-instance.ts'
import type { Side } from './placement.ts'
import { sidesOf } from './sides-of.ts'

type SubChain = { readonly side: Side; readonly suffix: string; readonly priority: number }

/**
 * The sub-chains of Ethernet-layer rules in the order of their creation. The last rule under a name gives the priority; equal
 * priorities stand in name order, where libvirt's order is random. Spec 4.4.3, 4.4.4.
 */
export function subChainsOf(instances: readonly RuleInstance[]): SubChain[] {
  const chains = (['from-guest', 'to-guest'] as const).flatMap((side) => {
    const priorities = new Map<string, number>()
    for (const { filter, rule } of instances) {
      if (filter.chain !== 'root' && sidesOf(rule.direction).includes(side))
        priorities.set(filter.chain, filter.chainPriority)
    }
    const ofSide = [...priorities].map(([suffix, priority]) => ({ side, suffix, priority }))
    return ofSide.sort((a, b) => a.priority - b.priority || (a.suffix < b.suffix ? -1 : 1))
  })
  return chains.sort((a, b) => a.priority - b.priority)
}
