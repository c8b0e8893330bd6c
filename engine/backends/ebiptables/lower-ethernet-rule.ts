import type { RuleInstance } from '../../instantiate/rule-instance.ts'
import { findMatch } from '../../placement/find-match.ts'
import { originOf } from '../../placement/origin-of.ts'
import type { PlacedRule } from '../../placement/placement.ts'
import { protocols } from '../../protocols/all-protocols.ts'
import type { Argument } from './argument.ts'
import { lowerEbtablesTerm, type Reading } from './lower-ebtables-term.ts'
import type { EbtablesRule } from './ruleset.ts'

const TARGETS = { accept: 'ACCEPT', drop: 'DROP', reject: 'DROP', return: 'RETURN', continue: 'CONTINUE' } as const
const ECN_VALUES = [0, 1, 2, 3]

/** One placed rule → one rule of ebtables, or four that differ in the ECN bits. Spec 5.5. */
export function lowerEthernetRule({ instance, side, suffix, reversed }: PlacedRule): readonly EbtablesRule[] {
  const { rule, filter } = instance
  // A DSCP is the upper six bits of the TOS byte, which ebtables compares whole: one rule for each value of the other two.
  const isSplit = filter.dialect === 'strict' && rule.protocol === 'ip' && findMatch(instance, 'dscp') !== undefined
  return (isSplit ? ECN_VALUES : [undefined]).map((ecn) => ({
    kind: 'rule',
    side,
    suffix,
    matches: lowerMatches(instance, { reversed, ecn }),
    target: TARGETS[rule.action],
    origin: originOf(instance),
  }))
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
