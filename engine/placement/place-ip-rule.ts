import type { RuleInstance } from '../instantiate/rule-instance.ts'
import { protocols } from '../protocols/all-protocols.ts'
import { IP_TERMS } from '../protocols/ip-terms.ts'
import { findMatch } from './find-match.ts'
import type { IpSide, PlacedIpRule } from './placement.ts'

/** The side that carries what the guest sends, the one that carries what it gets, and what it sends to the host itself. */
const SIDES: readonly IpSide[] = ['from-guest', 'to-guest', 'to-host']

/**
 * One instance → up to three rules, for forwarded packets from the guest, for those to it, and for what it sends to the host,
 * and those among them that libvirt takes back. Spec 5.6 to 5.9.
 */
export function placeIpRule(instance: RuleInstance): {
  readonly rules: readonly PlacedIpRule[]
  readonly leftOut: readonly PlacedIpRule[]
} {
  const rules: PlacedIpRule[] = []
  const leftOut: PlacedIpRule[] = []
  for (const candidate of candidatesOf(instance)) (isLeftOut(candidate) ? leftOut : rules).push(candidate)
  return { rules, leftOut }
}

/** Which rules are made at all, and which states they match. Spec 5.7. */
function candidatesOf(instance: RuleInstance): readonly PlacedIpRule[] {
  const { rule } = instance
  const both = rule.direction === 'inout'
  const named = rule.statematch && rule.states.length > 0
  const tracked = rule.action === 'accept' && rule.statematch && !both
  return SIDES.flatMap((side): readonly PlacedIpRule[] => {
    const reversed = (rule.direction !== 'out') === (side !== 'to-guest')
    const free = { side, instance, reversed, states: undefined, connectionDirection: undefined }
    if (named) {
      if (reversed && !both) return []
      return [rule.states.includes('NONE') ? free : { ...free, states: rule.states }]
    }
    if (!tracked) return [free]
    return [
      reversed
        ? { ...free, states: ['ESTABLISHED'], connectionDirection: 'Reply' as const }
        : { ...free, states: ['NEW', 'ESTABLISHED'], connectionDirection: 'Original' as const },
    ]
  })
}

/** Rules that libvirt takes back: the reverse of an ICMP type or of a limit, and one that lost its only match, the MAC. */
function isLeftOut({ instance, reversed, states }: PlacedIpRule): boolean {
  const { rule, filter } = instance
  const strict = filter.dialect === 'strict'
  if (findMatch(instance, 'type') !== undefined) {
    if (rule.direction === 'inout' ? !strict : reversed) return true
  }
  if (!reversed) return false
  if (findMatch(instance, 'connlimit-above') !== undefined) return true
  if (findMatch(instance, 'srcmacaddr') === undefined) return false
  // Without state matching the reversed rule would match everybody: strict does not make it.
  return !isNarrowed(instance) || (strict && states === undefined)
}

/** Whether anything but the MAC address narrows the rule. Spec 5.6. */
function isNarrowed(instance: RuleInstance): boolean {
  const protocol = protocols.get(instance.rule.protocol)
  return IP_TERMS.some((name) => protocol?.byName.get(name)?.iptables && findMatch(instance, name) !== undefined)
}
