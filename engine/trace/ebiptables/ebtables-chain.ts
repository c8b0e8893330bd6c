import type { FinalChain, FinalRule } from '../../backends/ebiptables/final-chains.ts'
import type { Frame } from '../frame/frame.ts'
import type { Decision, EthernetChain } from '../pass-layers.ts'
import { chainStep, placeOf, type RuleStep } from '../rule-step.ts'
import type { Places, RulePlace, TraceStep } from '../trace.ts'
import { type EbtablesMatch, readEbtablesRule } from './read-ebtables-rule.ts'

type ReadRule = EbtablesMatch & { readonly step: RuleStep }
type ReadChain = { readonly entered: TraceStep; readonly rules: readonly ReadRule[] }
type Chains = ReadonlyMap<string, ReadChain>

const ACCEPT: Decision = { verdict: 'accept', by: null }

/** A root chain of ebtables and those it leads to, `chains` all of its device. A return out of it accepts. */
export function ebtablesChain(root: FinalChain, chains: readonly FinalChain[], places: Places): EthernetChain {
  const read: Chains = new Map(chains.map((chain) => [chain.name, readChain(chain, places)]))
  const first = readChain(root, places)
  return (frame, steps) => {
    const decided = walk(first, read, frame, steps)
    return 'returned' in decided ? { verdict: 'accept', by: decided.returned } : decided
  }
}

function readChain({ name, rules }: FinalChain, places: Places): ReadChain {
  return { entered: chainStep(name), rules: rules.map((rule) => readRule(name, rule, places)) }
}

function readRule(chain: string, { args, text, origin }: FinalRule, places: Places): ReadRule {
  const match = readEbtablesRule(args)
  const step: RuleStep = {
    kind: 'rule',
    chain,
    text,
    target: match.target,
    places: origin === undefined ? [] : [placeOf(origin, places)],
  }
  return { ...match, step }
}

/** The end of every chain accepts for good; a return goes back to where the jump came from. */
function walk(
  { entered, rules }: ReadChain,
  chains: Chains,
  frame: Frame,
  steps: TraceStep[],
): Decision | { readonly returned: RulePlace | null } {
  steps.push(entered)
  for (const { asks, target, unreadable, step } of rules) {
    if (!asks.every((ask) => ask(frame))) continue
    const by = step.places[0] ?? null
    if (unreadable !== undefined) {
      steps.push(step, { kind: 'note', text: `ebtables does not take ${unreadable}.` })
      return { verdict: 'not-modelled', by }
    }
    const chain = chains.get(target)
    if (chain !== undefined) {
      const decided = walk(chain, chains, frame, steps)
      if ('returned' in decided) continue
      return decided
    }
    steps.push(step)
    if (target === 'CONTINUE') continue
    if (target === 'RETURN') return { returned: by }
    return { verdict: target === 'DROP' ? 'drop' : 'accept', by }
  }
  return ACCEPT
}
