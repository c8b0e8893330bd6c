import { chainName } from '../../backends/ebiptables/chain-names.ts'
import { ethernetConditions } from '../../placement/ethernet-conditions.ts'
import { originOf } from '../../placement/origin-of.ts'
import type { PlacedRule, Placement, Side } from '../../placement/placement.ts'
import { macAt } from '../frame/bytes.ts'
import type { Frame } from '../frame/frame.ts'
import { ETHER_TYPE } from '../frame/frame.ts'
import type { Decision, EthernetChain } from '../pass-layers.ts'
import { chainStep, placeOf, type RuleStep } from '../rule-step.ts'
import type { Places, TraceStep } from '../trace.ts'
import { compileEthernetCondition } from './compile-ethernet-condition.ts'
import type { Resolve } from './compile-test.ts'

/** What a rule does with a frame; `unknown` where a value of it is none, so that no tool would take it. */
type Action = PlacedRule['instance']['rule']['action'] | 'unknown'
type CompiledRule = {
  readonly kind: 'rule'
  readonly conditions: readonly ((frame: Frame) => boolean)[]
  readonly action: Action
  readonly step: RuleStep
}
type CompiledJump = {
  readonly kind: 'jump'
  readonly selects: (frame: Frame) => boolean
  readonly step: TraceStep
  readonly rules: readonly CompiledRule[]
}

/** How rules of a device are read: their values, its name, and where they stand. */
export type Reading = { readonly resolve: Resolve; readonly portDevice: string; readonly places: Places }

const BRIDGE_GROUP = 0x0180c2000000
/** The frames that get into a sub-chain, by the beginning of its name. Spec 5.3. */
const SELECTORS: readonly (readonly [prefix: string, selects: (frame: Frame) => boolean])[] = [
  ['ipv4', ({ etherType }) => etherType === ETHER_TYPE.ipv4],
  ['ipv6', ({ etherType }) => etherType === ETHER_TYPE.ipv6],
  ['arp', ({ etherType }) => etherType === ETHER_TYPE.arp],
  ['rarp', ({ etherType }) => etherType === ETHER_TYPE.rarp],
  ['vlan', ({ etherType }) => etherType === ETHER_TYPE.vlan],
  ['stp', ({ bytes }) => macAt(bytes, 0) === BRIDGE_GROUP],
]

/** The rules of the Ethernet layer for one side, as one chain; undefined where that side has none. */
export function ethernetChain(placement: Placement, side: Side, reading: Reading): EthernetChain | undefined {
  if (!placement.sides.includes(side)) return undefined
  const ofSide = placement.ethernet.filter((statement) => statement.side === side)
  const rulesOf = (suffix: string) =>
    ofSide.flatMap((statement) =>
      statement.kind === 'rule' && statement.suffix === suffix ? [compileRule(statement, reading)] : [],
    )
  const root = ofSide.flatMap((statement): (CompiledRule | CompiledJump)[] => {
    if (statement.kind === 'jump') {
      const { suffix } = statement
      const selects = SELECTORS.find(([prefix]) => suffix.startsWith(prefix))?.[1] ?? (() => true)
      const step = chainStep(chainName('final', side, reading.portDevice, suffix))
      return [{ kind: 'jump', selects, step, rules: rulesOf(suffix) }]
    }
    return statement.suffix === 'root' ? [compileRule(statement, reading)] : []
  })
  const entered = chainStep(chainName('final', side, reading.portDevice, 'root'))
  return (frame, steps) => {
    steps.push(entered)
    return walkRoot(root, frame, steps)
  }
}

function compileRule(placed: PlacedRule, { resolve, portDevice, places }: Reading): CompiledRule {
  const { instance, side, suffix } = placed
  const conditions = ethernetConditions(placed).map((condition) => compileEthernetCondition(condition, resolve))
  const known = conditions.filter((condition) => condition !== undefined)
  const place = placeOf(originOf(instance), places)
  const { action } = instance.rule
  return {
    kind: 'rule',
    conditions: known,
    action: known.length < conditions.length ? 'unknown' : action,
    step: {
      kind: 'rule',
      chain: chainName('final', side, portDevice, suffix),
      text: place.text,
      target: action,
      places: [place],
    },
  }
}

function walkRoot(entries: readonly (CompiledRule | CompiledJump)[], frame: Frame, steps: TraceStep[]): Decision {
  for (const entry of entries) {
    if (entry.kind === 'rule') {
      const decided = askRule(entry, frame, steps)
      if (decided === 'return') return { verdict: 'accept', by: entry.step.places[0] ?? null }
      if (decided !== undefined) return decided
    } else if (entry.selects(frame)) {
      steps.push(entry.step)
      const decided = walkSubChain(entry.rules, frame, steps)
      if (decided !== undefined) return decided
    }
  }
  return { verdict: 'accept', by: null }
}

/** The end of a sub-chain accepts for good; undefined for a return to what stands behind the jump. */
function walkSubChain(rules: readonly CompiledRule[], frame: Frame, steps: TraceStep[]): Decision | undefined {
  for (const rule of rules) {
    const decided = askRule(rule, frame, steps)
    if (decided === 'return') return undefined
    if (decided !== undefined) return decided
  }
  return { verdict: 'accept', by: null }
}

function askRule(
  { conditions, action, step }: CompiledRule,
  frame: Frame,
  steps: TraceStep[],
): Decision | 'return' | undefined {
  for (const condition of conditions) if (!condition(frame)) return undefined
  steps.push(step)
  const by = step.places[0] ?? null
  switch (action) {
    case 'continue':
      return undefined
    case 'return':
      return 'return'
    case 'accept':
      return { verdict: 'accept', by }
    case 'unknown':
      steps.push({ kind: 'note', text: 'A value of the rule is none that ebtables takes.' })
      return { verdict: 'not-modelled', by }
    default:
      // Nobody is told of a reject at this layer.
      return { verdict: 'drop', by }
  }
}
