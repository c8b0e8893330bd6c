import type { RuleInstance } from '../../instantiate/rule-instance.ts'
import { findMatch } from '../../placement/find-match.ts'
import { originOf } from '../../placement/origin-of.ts'
import type { IpSide, PlacedIpRule } from '../../placement/placement.ts'
import { protocols } from '../../protocols/all-protocols.ts'
import { IP_TERMS } from '../../protocols/ip-terms.ts'
import type { Argument } from './argument.ts'
import { lowerComment, lowerIptablesTerm, lowerSet } from './lower-iptables-term.ts'
import type { IptablesRule } from './ruleset.ts'

/** One placed rule → one rule of iptables or ip6tables. Spec 5.6. */
export function lowerIpRule(placed: PlacedIpRule): IptablesRule {
  const { side, instance, reversed } = placed
  const lower = lowerer(placed)
  const limit = reversed ? [] : lower('connlimit-above')
  const matches = [
    ...protocolOf(instance),
    ...(reversed ? [] : lower('srcmacaddr')),
    ...IP_TERMS.flatMap(lower),
    // A limit switches off the states of an accept, and leaves those of other actions alone.
    ...(limit.length > 0 && instance.rule.action === 'accept' ? [] : lowerStates(placed)),
    ...lowerSet(instance, reversed),
    ...limit,
    ...lowerComment(instance),
  ]
  return { side, matches, target: targetOf(instance, side), origin: originOf(instance) }
}

/**
 * What libvirt formats of a rule that it then leaves out. An ICMP type is looked at before it is formatted, everything else
 * before it is known that the rule is left out.
 */
export function discardedArguments(placed: PlacedIpRule): readonly Argument[] {
  const lower = lowerer(placed)
  return [...(placed.reversed ? [] : lower('srcmacaddr')), ...IP_TERMS.filter((name) => name !== 'type').flatMap(lower)]
}

function lowerer({ instance, reversed }: PlacedIpRule): (name: string) => readonly Argument[] {
  const byName = protocols.get(instance.rule.protocol)?.byName
  return (name) => lowerIptablesTerm(instance, byName?.get(name), reversed)
}

function protocolOf({ rule }: RuleInstance): readonly string[] {
  const backend = protocols.get(rule.protocol)?.backend
  return backend === undefined || backend.tool === 'ebtables' ? [] : ['-p', backend.protocol]
}

/** An ICMP type gets no connection direction: its answer is another type. Spec 5.7. */
function lowerStates({ instance, states, connectionDirection }: PlacedIpRule): readonly string[] {
  if (states === undefined) return []
  const direction = findMatch(instance, 'type') === undefined ? connectionDirection : undefined
  return [
    '-m',
    'conntrack',
    '--ctstate',
    states.join(','),
    ...(direction === undefined ? [] : ['-m', 'conntrack', '--ctdir', direction]),
  ]
}

/** What is accepted from a guest still has to pass the rules of the guest it goes to, and those of the host. Spec 5.6. */
function targetOf({ rule }: RuleInstance, side: IpSide): IptablesRule['target'] {
  if (rule.action === 'accept') return side === 'to-guest' ? 'ACCEPT' : 'RETURN'
  return ({ drop: 'DROP', reject: 'REJECT', return: 'RETURN', continue: 'CONTINUE' } as const)[rule.action]
}
