import type { Placement } from '../../placement/placement.ts'
import { lowerEthernetRule } from './lower-ethernet-rule.ts'
import { discardedArguments, lowerIpRule } from './lower-ip-rule.ts'
import type { RulesetShape } from './ruleset.ts'
import { selectorOf } from './selector-of.ts'

/** Placed rules → what every binding of their shape gets from ebtables, iptables and ip6tables. Spec 5. */
export function lower({ sides, ethernet, ip }: Placement): RulesetShape {
  return {
    sides,
    ethernet: ethernet.flatMap((statement): RulesetShape['ethernet'] =>
      statement.kind === 'rule'
        ? lowerEthernetRule(statement)
        : [{ ...statement, selector: selectorOf(statement.suffix) }],
    ),
    ip: ip.map(({ tool, rules }) => ({ tool, rules: rules.map(lowerIpRule) })),
    discarded: ip.flatMap(({ leftOut }) => leftOut.flatMap(discardedArguments)),
  }
}
