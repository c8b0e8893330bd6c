import type { Diagnostic, Staged } from '../../diagnostics/diagnostic.ts'
import { hasErrors } from '../../diagnostics/report.ts'
import type { RuleInstance } from '../../instantiate/rule-instance.ts'
import { protocols } from '../../protocols/all-protocols.ts'
import type { Argument } from './argument.ts'
import { lowerEthernetRule } from './lower-ethernet-rule.ts'
import { lowerIpRule } from './lower-ip-rule.ts'
import type { EbtablesJump, EbtablesRule, IptablesRule, RulesetShape } from './ruleset.ts'
import { sayBrokenSet } from './say-broken-set.ts'
import { sidesOf } from './sides-of.ts'
import { selectorOf, subChainsOf } from './sub-chains.ts'

/**
 * Rule instances → what every binding of their shape gets, in libvirt's order of installation. Undefined where libvirt refuses
 * to instantiate: NWF321, NWF323. Spec 4.4, 5.
 */
export function lower(instances: readonly RuleInstance[]): Staged<RulesetShape> {
  const ofTool = (tool: string) =>
    instances.filter(({ rule }) => (protocols.get(rule.protocol)?.backend.tool ?? 'ebtables') === tool)
  const ethernet = lowerEthernet(ofTool('ebtables'))
  const ip = (['iptables', 'ip6tables'] as const)
    .map((tool) => ({ tool, used: ofTool(tool) }))
    .filter(({ used }) => used.length > 0)
    .map(({ tool, used }) => ({ tool, ...lowerIp(used) }))
  const diagnostics = [...ethernet.diagnostics, ...ip.flatMap((layer) => layer.diagnostics)]
  const value: RulesetShape = {
    sides: ethernet.sides,
    ethernet: ethernet.statements,
    ip: ip.map(({ tool, rules }) => ({ tool, rules })),
    discarded: ip.flatMap(({ discarded }) => discarded),
  }
  return { value: hasErrors(diagnostics) ? undefined : value, diagnostics }
}

/** Rules and sub-chains: a chain is created before the first rule whose priority is not smaller. Spec 4.4.5. */
function lowerEthernet(instances: readonly RuleInstance[]) {
  const diagnostics: Diagnostic[] = []
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
  return { sides, statements, diagnostics }
}

function lowerIp(instances: readonly RuleInstance[]) {
  const rules: IptablesRule[] = []
  const discarded: Argument[] = []
  const diagnostics: Diagnostic[] = []
  for (const instance of instances) {
    const lowered = lowerIpRule(instance)
    if (lowered.rules.length > 0) diagnostics.push(...sayBrokenSet(instance))
    rules.push(...lowered.rules)
    discarded.push(...lowered.discarded)
  }
  return { rules, discarded, diagnostics }
}
