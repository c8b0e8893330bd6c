import type { Action } from '../../nwfilter/filter.ts'
import type { MarkBits } from './mark-bits.ts'
import { type Refusal, refuse } from './pieces.ts'
import type { ChainPlace } from './plan-shape.ts'
import type { NftStatement } from './ruleset.ts'

const NO_CONTINUE = 'iptables has no continue, and the IP layer of nftables means what iptables does'

/** What an action becomes in the hooks of IP, where nothing has to be carried by the mark. */
export function statementInIp(action: Action, { layer, side }: ChainPlace): NftStatement | Refusal {
  if (action === 'reject') return { kind: 'reject', version: layer === 'ip6' ? 'icmpv6' : 'icmp' }
  if (action === 'accept') return { kind: side === 'to-guest' ? 'accept' : 'return' }
  if (action === 'continue') return refuse('NWF332', NO_CONTINUE)
  return { kind: action }
}

/** What an action becomes at its place. */
export function statementOf(action: Action, { layer, side }: ChainPlace, marks: MarkBits): NftStatement | Refusal {
  if (layer === 'ethernet') {
    // ebtables has no answer to give: its reject is a drop. Spec 5.5.
    if (action === 'reject') return { kind: 'drop' }
    return { kind: action }
  }
  switch (action) {
    case 'accept':
      // What is accepted from a guest still has to pass the rules of the guest it goes to. Spec 5.6.
      return { kind: side === 'to-guest' ? 'accept' : 'return' }
    case 'reject':
      // The bridge cannot answer: the packet goes on to the inet hooks, which reject what bears the mark.
      return { kind: 'set-mark', mask: marks.reject, value: marks.reject, verdict: 'accept' }
    case 'continue':
      return refuse('NWF332', NO_CONTINUE)
    default:
      return { kind: action }
  }
}
