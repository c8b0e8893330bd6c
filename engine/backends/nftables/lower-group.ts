import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { report } from '../../diagnostics/report.ts'
import { originOf } from '../../placement/origin-of.ts'
import type { Side } from '../../placement/placement.ts'
import type { NftCapabilities } from './capabilities.ts'
import { commentOf } from './comment-of.ts'
import { type FastPath, fastPathsOf, withShortcuts } from './fast-paths.ts'
import type { IpVersion, Needs } from './ip-table.ts'
import type { Reading } from './lower-condition.ts'
import { lowerTemplate } from './lower-template.ts'
import { type MarkBits, shareMarkBits } from './mark-bits.ts'
import { directionOf, hashOfRule, nameOf } from './names.ts'
import type { NicInput } from './nic-input.ts'
import type { Refusal } from './pieces.ts'
import type { ChainPlace, PlannedJump, ShapePlan, Template } from './plan-shape.ts'
import type { NftChain, NftMatch, NftRule } from './ruleset.ts'
import { selectorOf } from './selector-of.ts'
import { separateNegations } from './separate-negations.ts'
import type { SetUse } from './set-use.ts'
import { statementOf } from './statement-of.ts'

/** What the chains of a group are lowered with. */
export type GroupOptions = {
  readonly capabilities: NftCapabilities
  /** In front of the names of counters: a NIC that is observed has its own. */
  readonly counterPrefix: string
  /** Every value stands in the text of its rule, none in a set. */
  readonly expand: boolean
}

/** What NICs with one plan share: their chains, the sets these look into, and the entry chains by place. */
export type Group = {
  readonly name: string
  readonly chains: readonly NftChain[]
  readonly uses: readonly SetUse[]
  /** The chain that frames of a NIC enter, by `LAYER SIDE`. */
  readonly entries: ReadonlyMap<string, string>
  readonly diagnostics: readonly Diagnostic[]
  /** What passes without a walk through the chains. */
  readonly fastPaths: readonly FastPath[]
  /** What its rules need of the hooks of each IP version. */
  readonly needs: Readonly<Record<IpVersion, Needs>>
}

/** What grows while the rules of a plan are lowered. */
type Build = {
  readonly name: string
  readonly nic: NicInput
  readonly options: GroupOptions
  readonly marks: MarkBits
  readonly chains: Map<string, NftRule[]>
  readonly entries: Map<string, string>
  readonly uses: Map<string, SetUse>
  readonly diagnostics: Diagnostic[]
  /** Sub-chains that a jump leads into. */
  readonly linked: Set<string>
}

/** A plan → chains under `name`. The values that stand in the text of rules are those of the NIC; other variables become sets. */
export function lowerGroup(plan: ShapePlan, name: string, nic: NicInput, options: GroupOptions): Group {
  const marks = shareMarkBits(options.capabilities.markMask)
  if (marks === undefined) throw new Error('the mark mask has fewer than four bits')
  const build: Build = {
    name,
    nic,
    options,
    marks,
    chains: new Map(),
    entries: new Map(),
    uses: new Map(),
    diagnostics: [],
    linked: new Set(),
  }
  for (const statement of plan.statements) addStatement(build, statement)
  const chains = [...build.chains].map(([chain, rules]) => buildChain(chain, rules, build.linked.has(chain)))
  const uses = [...build.uses.values()]
  const fastPaths = fastPathsOf(chains, build.entries, uses)
  return {
    name,
    chains: [
      ...chains.map((chain) => withShortcuts(chain, build.entries.get('ethernet to-guest'), fastPaths)),
      ...fastPaths.map(({ chain }) => chain),
    ],
    fastPaths,
    uses,
    entries: build.entries,
    diagnostics: build.diagnostics,
    needs: { ip: needsOf(name, 'ip', chains), ip6: needsOf(name, 'ip6', chains) },
  }
}

function needsOf(name: string, layer: IpVersion, chains: readonly NftChain[]): Needs {
  const names = (['from-guest', 'to-guest'] as const).map((side) => chainName(name, { layer, side }))
  const rules = chains.filter((chain) => names.includes(chain.name)).flatMap((chain) => chain.rules)
  return {
    rejects: rules.some(({ statement }) => statement.kind === 'set-mark'),
    tracks: rules.some(({ matches }) => matches.some(({ kind }) => kind === 'mark')),
  }
}

function addStatement(build: Build, statement: Template | PlannedJump): void {
  const { name, chains, linked, diagnostics } = build
  const { place } = statement
  const chain = chainName(name, place)
  const rules = chains.get(chain) ?? []
  chains.set(chain, rules)
  if (isEntry(place)) build.entries.set(`${place.layer} ${place.side}`, chain)
  if ('jumpTo' in statement) {
    const target = chainName(name, { layer: 'ethernet', side: place.side, suffix: statement.jumpTo })
    linked.add(target)
    if (!chains.has(target)) chains.set(target, [])
    rules.push(jumpTo(statement, target))
    return
  }
  if (!isEntry(place) && !linked.has(chain)) diagnostics.push(sayTooEarly(statement))
  const lowered = lowerRule(build, statement)
  if ('kind' in lowered) diagnostics.push(sayRefusal(lowered, statement))
  else {
    rules.push(...lowered.rules)
    for (const use of lowered.uses) build.uses.set(use.name, use)
  }
}

/** A frame that no rule of a sub-chain decides is accepted there for good, as ebtables does it. Spec 4.7. */
function buildChain(name: string, rules: readonly NftRule[], isSubChain: boolean): NftChain {
  const end: NftRule = { matches: [], counters: [], statement: { kind: 'accept' }, comment: undefined, origins: [] }
  const last = rules.at(-1)
  const isDecided = last !== undefined && last.matches.length === 0 && last.statement.kind !== 'continue'
  return { name, base: undefined, comment: undefined, rules: isSubChain && !isDecided ? [...rules, end] : rules }
}

function chainName(name: string, place: ChainPlace): string {
  const end = directionOf(place.side)
  if (place.layer !== 'ethernet') return `${name}-${place.layer}-${end}`
  return place.suffix === 'root' ? `${name}-${end}` : `${name}-${end}.${nameOf(place.suffix)}`
}

function isEntry(place: ChainPlace): boolean {
  return place.layer !== 'ethernet' || place.suffix === 'root'
}

function jumpTo({ jumpTo: suffix }: PlannedJump, chain: string): NftRule {
  const selector = selectorOf(suffix)
  const matches = selector === undefined ? [] : [selector]
  return { matches, counters: [], statement: { kind: 'jump', chain }, comment: undefined, origins: [] }
}

function lowerRule({ nic, marks, options }: Build, template: Template) {
  const { capabilities, counterPrefix, expand } = options
  const { place, instance } = template
  const reading: Reading = {
    protocol: instance.rule.protocol,
    dialect: instance.filter.dialect,
    states: capabilities.bridgeConntrack ? 'bridge' : marks,
  }
  const statement = statementOf(instance.rule.action, place, marks)
  if (statement.kind === 'refusal') return statement
  const lowered = lowerTemplate(template, reading, nic, expand ? undefined : interfaceOf(place.side))
  if ('kind' in lowered) return lowered
  const origin = originOf(instance)
  const { filter, rule } = instance
  const counter = `${counterPrefix}${nameOf(filter.name)}.${hashOfRule(rule)}-${directionOf(place.side)}`
  const comment = commentOf(`${filter.name}:${nic.lineOf(origin)}`, rule)
  return {
    uses: lowered.uses,
    rules: lowered.rules.map((matches): NftRule => {
      return {
        matches: separateNegations(withoutKnown(matches, place)),
        counters: [counter],
        statement,
        comment,
        origins: [origin],
      }
    }),
  }
}

function interfaceOf(side: Side): 'iifname' | 'oifname' {
  return side === 'from-guest' ? 'iifname' : 'oifname'
}

/** Without what the way into the chain, or the rule itself, has asked already. */
function withoutKnown(matches: readonly NftMatch[], place: ChainPlace): readonly NftMatch[] {
  const known = place.layer === 'ethernet' ? selectorOf(place.suffix) : undefined
  const said = new Set(known === undefined ? [] : [JSON.stringify(known)])
  return matches.filter((match) => {
    const text = JSON.stringify(match)
    return !said.has(text) && said.add(text)
  })
}

function sayRefusal({ code, why }: Refusal, { instance }: Template): Diagnostic {
  const { filter, rule } = instance
  const message = `${filter.name} cannot be installed by the nftables backend: ${why}.`
  return report(code, filter.source, rule.span, message, { severity: 'error', related: [] })
}

/** libvirt adds the rule before its chain exists, and the installation fails. */
function sayTooEarly({ instance: { filter, rule } }: Template): Diagnostic {
  const message = `The rule comes before its chain ${filter.chain} exists: libvirt cannot install it.`
  return report('NWF318', filter.source, rule.span, message, { severity: 'error' })
}
