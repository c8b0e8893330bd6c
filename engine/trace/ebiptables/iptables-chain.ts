import type { FinalIpChain, FinalRule } from '../../backends/ebiptables/final-chains.ts'
import { askAll } from '../ask-all.ts'
import type { Decision, IpChain, Packet } from '../pass-layers.ts'
import { chainStep, placeOf, type RuleStep } from '../rule-step.ts'
import type { Places, TraceStep } from '../trace.ts'
import { type IptablesMatch, readIptablesRule } from './read-iptables-rule.ts'

type ReadRule = IptablesMatch & { readonly step: RuleStep }

/** A chain of iptables or ip6tables. Behind its end the packet goes on. */
export function iptablesChain({ tool, name, rules }: FinalIpChain, places: Places): IpChain {
  const read = rules.map((rule) => readRule(tool, name, rule, places))
  const entered = chainStep(name)
  return (packet, steps) => {
    steps.push(entered)
    for (const rule of read) {
      const decided = askRule(rule, packet, steps)
      if (decided !== undefined) return decided
    }
    return { verdict: 'accept', by: null }
  }
}

/** Whether a rule of the chain asks for the connection of a packet. */
export function isStatefulChain({ tool, rules }: FinalIpChain): boolean {
  return rules.some(({ args }) => readIptablesRule(tool, args, {}).isStateful)
}

function readRule(tool: FinalIpChain['tool'], chain: string, rule: FinalRule, places: Places): ReadRule {
  const { args, text, origin } = rule
  const where = origin === undefined ? [] : [placeOf(origin, places)]
  const match = readIptablesRule(tool, args, rule)
  return { ...match, step: { kind: 'rule', chain, text, target: match.target, places: where } }
}

function askRule(rule: ReadRule, packet: Packet, steps: TraceStep[]): Decision | undefined {
  const answer = askAll(rule, packet, steps)
  if (answer === 'no') return undefined
  if (answer !== 'match') return answer
  const { target, step } = rule
  const by = step.places[0] ?? null
  switch (target) {
    case 'ACCEPT':
    case 'RETURN':
      return { verdict: 'accept', by }
    case 'DROP':
      return { verdict: 'drop', by }
    case 'REJECT':
      return { verdict: 'reject', by }
    default:
      steps.push({ kind: 'note', text: `iptables has no target ${target}.` })
      return { verdict: 'not-modelled', by }
  }
}
