import type { Condition } from '../../placement/condition.ts'
import { lowerCompare } from './lower-compare.ts'
import { type Alternatives, allOf, compare, NEVER, type Refusal, refuse } from './pieces.ts'
import type { NftMatch } from './ruleset.ts'

type Compare = Extract<Condition, { kind: 'compare' }>

/** Packets without anything behind the IPv6 headers match no protocol and no other. */
const NOTHING_FOLLOWS = '59'
/** What ebtables takes for the protocol of a later fragment. */
const FRAGMENT = '44'

const LATER: NftMatch = { kind: 'fragment', which: 'later' }
/** No later fragment: it has no fragment header, or one that begins the packet. */
const NOT_LATER: Alternatives = [[{ kind: 'fragment', which: 'none' }], [{ kind: 'fragment', which: 'first' }]]

/**
 * The protocol of an IPv6 packet as ebtables sees it: behind the extension headers, and for a later fragment that of the
 * fragment header. nftables sees through the latter.
 */
export function lowerIpv6Protocol(condition: Compare): Alternatives | Refusal {
  const lowered = lowerCompare('meta l4proto', condition)
  if ('kind' in lowered) return lowered
  const [match] = lowered[0] ?? []
  if (match?.kind === 'hole')
    return condition.negated
      ? refuse('NWF372', 'a negated protocol of IPv6 in a variable')
      : allOf([[[match]], NOT_LATER])
  if (match?.kind !== 'compare' || typeof match.value !== 'string') return lowered
  const protocol = match.value
  if (!condition.negated && protocol === NOTHING_FOLLOWS) return NEVER
  if (!condition.negated) return protocol === FRAGMENT ? [[LATER]] : allOf([[[match]], NOT_LATER])
  const something = compare('meta l4proto', NOTHING_FOLLOWS, '!=')
  if (protocol === FRAGMENT) return allOf([[[something]], NOT_LATER])
  // A later fragment has neither of these, whatever the packet holds.
  const hidden = [...new Set([protocol, NOTHING_FOLLOWS])]
  return [
    protocol === NOTHING_FOLLOWS ? [something] : [match, something],
    ...hidden.map((own) => [compare('meta l4proto', own), LATER]),
  ]
}
