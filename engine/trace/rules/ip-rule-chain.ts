import { ipChainParts, joinName } from '../../backends/ebiptables/chain-names.ts'
import { ipConditions } from '../../placement/ip-conditions.ts'
import { originOf } from '../../placement/origin-of.ts'
import type { IpPlacement, PlacedIpRule, Side } from '../../placement/placement.ts'
import { type Ask, askAll } from '../ask-all.ts'
import type { Decision, IpChain, Packet } from '../pass-layers.ts'
import { chainStep, placeOf, type RuleStep } from '../rule-step.ts'
import type { TraceStep } from '../trace.ts'
import { compileIpConditions } from './compile-ip-conditions.ts'
import type { Reading } from './rule-chains.ts'

type CompiledRule = {
  readonly asks: readonly Ask[]
  readonly action: PlacedIpRule['instance']['rule']['action']
  readonly step: RuleStep
}

const ACCEPT: Decision = { verdict: 'accept', by: null }

/** The rules of the IP layer for one side, as one chain. What no rule decides goes on. */
export function ipRuleChain({ rules }: IpPlacement, side: Side, reading: Reading): IpChain {
  const name = joinName(ipChainParts('final', side), reading.portDevice)
  const compiled = rules.filter((rule) => rule.side === side).map((rule) => compileRule(rule, name, reading))
  const entered = chainStep(name)
  return (packet, steps) => {
    steps.push(entered)
    for (const rule of compiled) {
      const decided = askRule(rule, packet, steps)
      if (decided !== undefined) return decided
    }
    return ACCEPT
  }
}

/** Whether a rule of either direction asks for the connection of a packet. */
export function asksForConnections({ rules }: IpPlacement): boolean {
  return rules.some((rule) => ipConditions(rule).some(({ kind }) => kind === 'state' || kind === 'limit'))
}

function compileRule(placed: PlacedIpRule, chain: string, { resolve, places }: Reading): CompiledRule {
  const place = placeOf(originOf(placed.instance), places)
  const { action } = placed.instance.rule
  const step: RuleStep = { kind: 'rule', chain, text: place.text, target: action, places: [place] }
  return { asks: compileIpConditions(ipConditions(placed), resolve, step), action, step }
}

function askRule(rule: CompiledRule, packet: Packet, steps: TraceStep[]): Decision | undefined {
  const answer = askAll(rule, packet, steps)
  if (answer === 'no') return undefined
  if (answer !== 'match') return answer
  const { action, step } = rule
  const by = step.places[0] ?? null
  if (action === 'drop' || action === 'reject') return { verdict: action, by }
  if (action !== 'continue') return { verdict: 'accept', by }
  steps.push({ kind: 'note', text: 'iptables has no target CONTINUE.' })
  return { verdict: 'not-modelled', by }
}
