import type { Condition } from '../../placement/condition.ts'
import { resolveOperand } from '../../placement/resolve-operand.ts'
import { chainName } from './chain-name.ts'
import type { IpVersion } from './ip-version.ts'
import { lowerRule, type RuleContext } from './lower-rule.ts'
import { type Refusal, refuse } from './pieces.ts'
import type { ChainPlace, ShapePlan, Template } from './plan-shape.ts'
import type { NftChain, NftRule, NftSet, NftStatement } from './ruleset.ts'
import { statementInIp } from './statement-of.ts'

/** What a NIC with limits needs the hooks of IP for: its chains there, in the table of the version. */
export type LimitedPlace = {
  readonly version: IpVersion
  /** `LAYER from-guest`, or `LAYER limited-to-guest`: the map of the bridge that leads to `chain`, which names the NIC in the mark. */
  readonly key: string
  readonly chain: string
  readonly side: 'from-guest' | 'to-guest'
  /** For packets that are forwarded; what goes to the host itself has a chain and counts of its own, as under libvirt. */
  readonly chains: readonly NftChain[]
  readonly sets: readonly NftSet[]
}
type IpPlace = Extract<ChainPlace, { layer: IpVersion }>
type Limit = Extract<Condition, { kind: 'limit' }>

/** Where the chain for packets to the host stands beside that of `chain`. */
export function toHostChain(chain: string): string {
  return `${chain}.host`
}

/** Whether rules of a place limit connections. */
export function limitedPlaces({ statements }: ShapePlan): (place: ChainPlace) => boolean {
  const limited = new Set(
    statements.flatMap((statement) =>
      'jumpTo' in statement || limitOf(statement) === undefined ? [] : [keyOf(statement.place)],
    ),
  )
  return (place) => limited.has(keyOf(place))
}

/** The rules of places with limits, as the hooks of IP run them: the bridge cannot count connections. */
export function lowerLimited(
  plan: ShapePlan,
  name: string,
  context: RuleContext,
): { readonly places: readonly LimitedPlace[]; readonly refused: readonly (readonly [Template, Refusal])[] } {
  const isLimited = limitedPlaces(plan)
  const places = new Map<string, LimitedPlace>()
  const refused: [Template, Refusal][] = []
  for (const statement of plan.statements) {
    const { place } = statement
    if ('jumpTo' in statement || place.layer === 'ethernet' || !isLimited(place)) continue
    const known = places.get(keyOf(place)) ?? emptyPlace(name, place)
    const chains = known.chains.map((chain) => addRules(chain, statement, context))
    const refusal = chains.find((chain): chain is Refusal => 'kind' in chain)
    if (refusal !== undefined) refused.push([statement, refusal])
    else places.set(keyOf(place), withSets({ ...known, chains: chains as readonly NftChain[] }))
  }
  return { places: [...places.values()], refused }
}

function emptyPlace(name: string, place: IpPlace): LimitedPlace {
  const chain = chainName(name, place)
  const names = place.side === 'from-guest' ? [chain, toHostChain(chain)] : [chain]
  return {
    version: place.layer,
    side: place.side,
    key: place.side === 'from-guest' ? keyOf(place) : `${place.layer} limited-to-guest`,
    chain,
    chains: names.map((own) => ({ name: own, base: undefined, comment: undefined, rules: [] })),
    sets: [],
  }
}

/** Each limit counts for itself, also those of one rule with several values. */
function addRules(chain: NftChain, template: Template, context: RuleContext): NftChain | Refusal {
  const rules: NftRule[] = [...chain.rules]
  const { instance, place } = template
  const verdict = statementInIp(instance.rule.action, place)
  if (verdict.kind === 'refusal') return verdict
  for (const conditions of template.conditions) {
    const own = { ...template, conditions: [conditions.filter(({ kind }) => kind !== 'limit')] }
    const limit = conditions.find((condition): condition is Limit => condition.kind === 'limit')
    const count = rules.filter(({ statement }) => statement.kind === 'limit').length + 1
    const statement =
      limit === undefined ? verdict : limitStatement(limit, verdict, `${chain.name}.limit${count}`, template, context)
    if (statement.kind === 'refusal') return statement
    const lowered = lowerRule(context, own, statement)
    if ('kind' in lowered) return lowered
    rules.push(...lowered.rules)
  }
  return { ...chain, rules }
}

function limitStatement(
  { above, negated }: Limit,
  verdict: NftStatement,
  set: string,
  { place }: Template,
  { nic }: RuleContext,
): NftStatement | Refusal {
  const value = resolveOperand(above, nic.parameters, nic.dialect)
  if (value?.kind !== 'number') return refuse('NWF319', 'the limit is no number')
  const kind = verdict.kind
  if (kind !== 'drop' && kind !== 'reject' && kind !== 'accept' && kind !== 'return')
    return refuse('NWF372', `a limit of connections with ${kind}`)
  const field = place.layer === 'ip6' ? 'ip6 saddr' : 'ip saddr'
  return { kind: 'limit', set, fields: [field], above: value.value, negated, verdict: kind }
}

function withSets(place: LimitedPlace): LimitedPlace {
  const sets = place.chains.flatMap(({ rules }) =>
    rules.flatMap(({ statement }): readonly NftSet[] => {
      if (statement.kind !== 'limit') return []
      const { set: name, fields } = statement
      const comment = 'connections by their source'
      return [{ name, kind: 'set', fields, interval: false, dynamic: true, comment, elements: [] }]
    }),
  )
  return { ...place, sets: [...new Map(sets.map((set) => [set.name, set])).values()] }
}

function limitOf({ conditions: [first = []] }: Template): Condition | undefined {
  return first.find(({ kind }) => kind === 'limit')
}

function keyOf(place: ChainPlace): string {
  return place.layer === 'ethernet' ? `ethernet ${place.side} ${place.suffix}` : `${place.layer} ${place.side}`
}
