import type { Diagnostic, Staged } from '../diagnostics/diagnostic.ts'
import { hasErrors, report } from '../diagnostics/report.ts'
import type { RuleInstance } from '../instantiate/rule-instance.ts'
import { protocols } from '../protocols/all-protocols.ts'
import { placeIpRule } from './place-ip-rule.ts'
import type { IpPlacement, PlacedIpRule, PlacedJump, PlacedRule, Placement } from './placement.ts'
import { sayBrokenSet } from './say-broken-set.ts'
import { sidesOf } from './sides-of.ts'
import { subChainsOf } from './sub-chains.ts'

/**
 * Rule instances → where each of them stands: the sides of the NIC, the chains, their order, and the states that libvirt adds.
 * Undefined where libvirt refuses to instantiate: NWF321, NWF323. Spec 4.4, 5.
 */
export function place(instances: readonly RuleInstance[]): Staged<Placement> {
  const ofTool = (tool: string) =>
    instances.filter(({ rule }) => (protocols.get(rule.protocol)?.backend.tool ?? 'ebtables') === tool)
  const ethernet = placeEthernet(ofTool('ebtables'))
  const ip = (['iptables', 'ip6tables'] as const)
    .map((tool) => ({ tool, used: ofTool(tool) }))
    .filter(({ used }) => used.length > 0)
    .map(({ tool, used }) => placeIp(tool, used))
  const diagnostics = [...ethernet.diagnostics, ...ip.flatMap((layer) => layer.diagnostics)]
  const value: Placement = {
    sides: ethernet.sides,
    ethernet: ethernet.statements,
    ip: ip.map(({ layer }) => layer),
  }
  return { value: hasErrors(diagnostics) ? undefined : value, diagnostics }
}

/** Rules and sub-chains: a chain is created before the first rule whose priority is not smaller. Spec 4.4.5. */
function placeEthernet(instances: readonly RuleInstance[]) {
  const diagnostics: Diagnostic[] = []
  const waiting = subChainsOf(instances)
  const statements: (PlacedJump | PlacedRule)[] = []
  const link = (upTo: number) => {
    for (let next = waiting[0]; next !== undefined && next.priority <= upTo; next = waiting[0]) {
      statements.push({ kind: 'jump', side: next.side, suffix: next.suffix })
      waiting.shift()
    }
  }
  for (const instance of instances) {
    const { rule, filter } = instance
    link(instance.rulePriority)
    diagnostics.push(...sayStpBothWays(instance))
    for (const side of sidesOf(rule.direction))
      statements.push({
        kind: 'rule',
        side,
        suffix: filter.chain,
        instance,
        // What is said of the sender of a frame to the guest is said of the receiver of one from it. Spec 5.5.
        reversed: rule.direction === 'inout' && side === 'from-guest',
      })
  }
  link(Number.POSITIVE_INFINITY)
  const sides = (['from-guest', 'to-guest'] as const).filter((side) =>
    instances.some(({ rule }) => sidesOf(rule.direction).includes(side)),
  )
  return { sides, statements, diagnostics }
}

function sayStpBothWays({ rule, filter }: RuleInstance): Diagnostic[] {
  if (rule.protocol !== 'stp' || rule.direction !== 'inout') return []
  const source = rule.matches.find(({ attribute }) => attribute === 'srcmacaddr')
  if (source === undefined) return []
  const message = 'STP filtering in inout direction with source MAC address set is not supported'
  return [report('NWF321', filter.source, source.span, message)]
}

function placeIp(tool: IpPlacement['tool'], instances: readonly RuleInstance[]) {
  const rules: PlacedIpRule[] = []
  const leftOut: PlacedIpRule[] = []
  const diagnostics: Diagnostic[] = []
  for (const instance of instances) {
    const placed = placeIpRule(instance)
    if (placed.rules.length > 0) diagnostics.push(...sayBrokenSet(instance))
    rules.push(...placed.rules)
    leftOut.push(...placed.leftOut)
  }
  return { layer: { tool, rules, leftOut }, diagnostics }
}
