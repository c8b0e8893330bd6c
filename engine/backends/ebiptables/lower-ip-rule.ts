import type { RuleInstance } from '../../instantiate/rule-instance.ts'
import { protocols } from '../../protocols/all-protocols.ts'
import { IP_TERMS } from '../../protocols/ip-terms.ts'
import type { Argument } from './argument.ts'
import { lowerComment, lowerIptablesTerm, lowerSet } from './lower-iptables-term.ts'
import { originOf } from './origin-of.ts'
import { findMatch } from './print-match.ts'
import type { IpSide, IptablesRule } from './ruleset.ts'

/** The side that carries what the guest sends, the one that carries what it gets, and what it sends to the host itself. */
const SIDES: readonly IpSide[] = ['from-guest', 'to-guest', 'to-host']

/** One command that a rule may become. `reversed`: source and destination change places, as in the answer. */
type Candidate = {
  readonly side: IpSide
  readonly reversed: boolean
  readonly states: string | undefined
  readonly connectionDirection: 'Original' | 'Reply' | undefined
}

/**
 * One instance → up to three commands, for FORWARD from the guest, FORWARD to it, and INPUT, with the matches that libvirt adds
 * for connection tracking. `discarded` holds the arguments of commands that were formatted and left out. Spec 5.6 to 5.9.
 */
export function lowerIpRule(instance: RuleInstance): {
  readonly rules: readonly IptablesRule[]
  readonly discarded: readonly Argument[]
} {
  const rules: IptablesRule[] = []
  const discarded: Argument[] = []
  for (const candidate of candidatesOf(instance)) {
    const matches = lowerMatches(instance, candidate)
    if (isLeftOut(instance, candidate, matches.terms)) discarded.push(...matches.mac, ...matches.address)
    else
      rules.push({
        side: candidate.side,
        matches: [...matches.formatted, ...matches.behind],
        target: targetOf(instance, candidate.side),
        origin: originOf(instance),
      })
  }
  return { rules, discarded }
}

/** Which commands are made at all, and which states they match. Spec 5.7. */
function candidatesOf({ rule }: RuleInstance): readonly Candidate[] {
  const both = rule.direction === 'inout'
  const named = rule.statematch && rule.states.length > 0
  const tracked = rule.action === 'accept' && rule.statematch && !both
  return SIDES.flatMap((side): readonly Candidate[] => {
    const reversed = (rule.direction !== 'out') === (side !== 'to-guest')
    if (named) {
      if (reversed && !both) return []
      const states = rule.states.includes('NONE') ? undefined : rule.states.join(',')
      return [{ side, reversed, states, connectionDirection: undefined }]
    }
    if (!tracked) return [{ side, reversed, states: undefined, connectionDirection: undefined }]
    return [
      reversed
        ? { side, reversed, states: 'ESTABLISHED', connectionDirection: 'Reply' as const }
        : { side, reversed, states: 'NEW,ESTABLISHED', connectionDirection: 'Original' as const },
    ]
  })
}

/** Commands that libvirt takes back: the reverse of an ICMP type or of a limit, and one that lost its only match, the MAC. */
function isLeftOut(instance: RuleInstance, { reversed, states }: Candidate, terms: readonly Argument[]): boolean {
  const { rule, filter } = instance
  const strict = filter.dialect === 'strict'
  if (findMatch(instance, 'type') !== undefined) {
    if (rule.direction === 'inout' ? !strict : reversed) return true
  }
  if (!reversed) return false
  if (findMatch(instance, 'connlimit-above') !== undefined) return true
  if (findMatch(instance, 'srcmacaddr') === undefined) return false
  // Without state matching the reversed command would match everybody: strict does not make it.
  return terms.length === 0 || (strict && states === undefined)
}

function lowerMatches(instance: RuleInstance, candidate: Candidate) {
  const protocol = protocols.get(instance.rule.protocol)
  if (protocol === undefined || protocol.backend.tool === 'ebtables')
    return { mac: [], address: [], terms: [], formatted: [], behind: [] }
  const { reversed } = candidate
  const lower = (name: string) => lowerIptablesTerm(instance, protocol.byName.get(name), reversed)
  // An ICMP type is looked at before it is formatted, everything else before it is known that the command is left out.
  const address = IP_TERMS.filter((name) => name !== 'type').flatMap(lower)
  const terms = [...address, ...lower('type')]
  const mac = reversed ? [] : lower('srcmacaddr')
  const limit = reversed ? [] : lower('connlimit-above')
  return {
    mac,
    address,
    terms,
    formatted: ['-p', protocol.backend.protocol, ...mac, ...terms],
    behind: [
      // A limit switches off the states of an accept, and leaves those of other actions alone.
      ...(limit.length > 0 && instance.rule.action === 'accept' ? [] : lowerStates(instance, candidate)),
      ...lowerSet(instance, reversed),
      ...limit,
      ...lowerComment(instance),
    ],
  }
}

/** An ICMP type gets no connection direction: its answer is another type. Spec 5.7. */
function lowerStates(instance: RuleInstance, { states, connectionDirection }: Candidate): readonly string[] {
  if (states === undefined) return []
  const direction = findMatch(instance, 'type') === undefined ? connectionDirection : undefined
  return [
    '-m',
    'conntrack',
    '--ctstate',
    states,
    ...(direction === undefined ? [] : ['-m', 'conntrack', '--ctdir', direction]),
  ]
}

/** What is accepted from a guest still has to pass the rules of the guest it goes to, and those of the host. Spec 5.6. */
function targetOf({ rule }: RuleInstance, side: IpSide): IptablesRule['target'] {
  if (rule.action === 'accept') return side === 'to-guest' ? 'ACCEPT' : 'RETURN'
  return ({ drop: 'DROP', reject: 'REJECT', return: 'RETURN', continue: 'CONTINUE' } as const)[rule.action]
}
