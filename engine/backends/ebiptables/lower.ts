import type { Diagnostic, Staged } from '../../diagnostics/diagnostic.ts'
import { hasErrors, report } from '../../diagnostics/report.ts'
import type { RuleInstance } from '../../instantiate/rule-instance.ts'
import { lowerEthernetRule } from './lower-ethernet-rule.ts'
import type { EbtablesJump, EbtablesRule, EbtablesRuleset, Side } from './ruleset.ts'
import { sidesOf } from './sides-of.ts'

/** Which command selects the frames of a sub-chain, by the beginning of its name. Spec 5.3. */
const SELECTORS: readonly (readonly [prefix: string, selector: readonly string[]])[] = [
  ['ipv4', ['-p', '0x0800']],
  ['ipv6', ['-p', '0x86dd']],
  ['arp', ['-p', '0x0806']],
  ['rarp', ['-p', '0x8035']],
  ['vlan', ['-p', '0x8100']],
  ['stp', ['-d', '01:80:c2:00:00:00']],
]

type SubChain = { readonly side: Side; readonly suffix: string; readonly priority: number }

/** Rule instances of one port device → ebtables ruleset, in libvirt's order of installation. Spec 4.4, 5. */
export function lower(portDevice: string, instances: readonly RuleInstance[]): Staged<EbtablesRuleset> {
  const diagnostics: Diagnostic[] = sayDifferentPriorities(instances)
  const waiting = subChainsOf(instances)
  const statements: (EbtablesJump | EbtablesRule)[] = []
  const link = (upTo: number) => {
    for (let next = waiting[0]; next !== undefined && next.priority <= upTo; next = waiting[0]) {
      statements.push({ kind: 'jump', side: next.side, suffix: next.suffix, selector: selectorOf(next.suffix) })
      waiting.shift()
    }
  }
  for (const instance of instances) {
    link(instance.rulePriority)
    const lowered = lowerEthernetRule(instance)
    diagnostics.push(...lowered.diagnostics)
    statements.push(...(lowered.value ?? []))
  }
  link(Number.POSITIVE_INFINITY)
  const sides = (['from-guest', 'to-guest'] as const).filter((side) =>
    instances.some(({ rule }) => sidesOf(rule.direction).includes(side)),
  )
  return {
    value: hasErrors(diagnostics) ? undefined : { kind: 'ebtables-ruleset', portDevice, sides, statements },
    diagnostics,
  }
}

/** The last rule under a name gives the priority; equal priorities stand in name order, where libvirt's order is random. */
function subChainsOf(instances: readonly RuleInstance[]): SubChain[] {
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

function selectorOf(suffix: string): readonly string[] {
  return SELECTORS.find(([prefix]) => suffix.startsWith(prefix))?.[1] ?? []
}

function sayDifferentPriorities(instances: readonly RuleInstance[]): Diagnostic[] {
  const first = new Map<string, RuleInstance>()
  const told = new Set<string>()
  return instances.flatMap((instance) => {
    const { filter } = instance
    const other = first.get(filter.chain)?.filter
    if (other === undefined) first.set(filter.chain, instance)
    if (
      filter.chain === 'root' ||
      other === undefined ||
      other.chainPriority === filter.chainPriority ||
      told.has(filter.chain)
    )
      return []
    told.add(filter.chain)
    const message = `Chain ${filter.chain} has priority ${filter.chainPriority} here and ${other.chainPriority} in ${other.name}; a rule may be installed before its chain exists.`
    return [
      report('NWF318', filter.source, filter.nameSpan, message, {
        related: [{ source: other.source, span: other.nameSpan, message: `${other.name} uses the same chain` }],
      }),
    ]
  })
}
