import type { Diagnostic, Staged } from '../../diagnostics/diagnostic.ts'
import { report } from '../../diagnostics/report.ts'
import type { RuleInstance } from '../../instantiate/rule-instance.ts'
import { protocols } from '../../protocols/all-protocols.ts'
import type { Argument } from './argument.ts'
import { lowerEbtablesTerm, type Reading } from './lower-ebtables-term.ts'
import { originOf } from './origin-of.ts'
import { findMatch } from './print-match.ts'
import type { EbtablesRule } from './ruleset.ts'
import { sidesOf } from './sides-of.ts'

const TARGETS = { accept: 'ACCEPT', drop: 'DROP', reject: 'DROP', return: 'RETURN', continue: 'CONTINUE' } as const
const ECN_VALUES = [0, 1, 2, 3]

/** One instance → one ebtables rule a side; `inout` stands reversed on the from-guest side. Spec 5.5. */
export function lowerEthernetRule(instance: RuleInstance): Staged<readonly EbtablesRule[]> {
  const { rule, filter } = instance
  const diagnostics: Diagnostic[] = sayStpBothWays(instance)
  if (diagnostics.length > 0) return { value: undefined, diagnostics }
  // A DSCP is the upper six bits of the TOS byte, which ebtables compares whole: one rule for each value of the other two.
  const isSplit = filter.dialect === 'strict' && rule.protocol === 'ip' && findMatch(instance, 'dscp') !== undefined
  const value = sidesOf(rule.direction).flatMap((side) =>
    (isSplit ? ECN_VALUES : [undefined]).map((ecn) => ({
      kind: 'rule' as const,
      side,
      suffix: filter.chain,
      matches: lowerMatches(instance, { reversed: rule.direction === 'inout' && side === 'from-guest', ecn }),
      target: TARGETS[rule.action],
      origin: originOf(instance),
    })),
  )
  return { value, diagnostics }
}

function sayStpBothWays({ rule, filter }: RuleInstance): Diagnostic[] {
  if (rule.protocol !== 'stp' || rule.direction !== 'inout') return []
  const source = rule.matches.find(({ attribute }) => attribute === 'srcmacaddr')
  if (source === undefined) return []
  const message = 'STP filtering in inout direction with source MAC address set is not supported'
  return [report('NWF321', filter.source, source.span, message)]
}

function lowerMatches(instance: RuleInstance, reading: Reading): readonly Argument[] {
  const protocol = protocols.get(instance.rule.protocol)
  if (protocol?.backend.tool !== 'ebtables') return []
  const lowerTerm = (name: string): readonly Argument[] => {
    const attribute = protocol.byName.get(name)
    return attribute?.ebtables === undefined ? [] : lowerEbtablesTerm(instance, attribute, attribute.ebtables, reading)
  }
  const isMac = (name: string) => name === 'srcmacaddr' || name === 'dstmacaddr'
  const { selector, terms } = protocol.backend
  return [
    ...terms.filter(isMac).flatMap(lowerTerm),
    ...selector,
    ...terms.filter((name) => !isMac(name)).flatMap(lowerTerm),
  ]
}
