import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { report } from '../../diagnostics/report.ts'
import { chainName } from './chain-name.ts'
import { type FastPath, fastPathsOf, withShortcuts } from './fast-paths.ts'
import type { IpVersion, Needs } from './ip-version.ts'
import { type LimitedPlace, limitedPlaces, lowerLimited } from './lower-limited.ts'
import { type LoweringOptions, lowerRule } from './lower-rule.ts'
import { type MarkBits, shareMarkBits } from './mark-bits.ts'
import type { NicInput } from './nic-input.ts'
import type { Refusal } from './pieces.ts'
import type { ChainPlace, PlannedJump, ShapePlan, Template } from './plan-shape.ts'
import type { NftChain, NftRule } from './ruleset.ts'
import { selectorOf } from './selector-of.ts'
import type { SetUse } from './set-use.ts'
import { statementOf } from './statement-of.ts'

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
  /** Places whose rules limit connections: their chains stand in the tables of IP. */
  readonly limited: readonly LimitedPlace[]
}

/** What grows while the rules of a plan are lowered. */
type Build = {
  readonly name: string
  readonly nic: NicInput
  readonly options: LoweringOptions
  readonly marks: MarkBits
  readonly chains: Map<string, NftRule[]>
  readonly entries: Map<string, string>
  readonly uses: Map<string, SetUse>
  readonly diagnostics: Diagnostic[]
  /** Sub-chains that a jump leads into. */
  readonly linked: Set<string>
}

/** A plan → chains under `name`. The values that stand in the text of rules are those of the NIC; other variables become sets. */
export function lowerGroup(plan: ShapePlan, name: string, nic: NicInput, options: LoweringOptions): Group {
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
  const limited = lowerLimited(plan, name, { marks, nic, options })
  for (const [statement, refusal] of limited.refused) build.diagnostics.push(sayRefusal(refusal, statement))
  for (const { key, chain } of limited.places) build.entries.set(key, chain)
  const isLimited = limitedPlaces(plan)
  for (const statement of plan.statements) if (!isLimited(statement.place)) addStatement(build, statement)
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
    limited: limited.places,
    needs: { ip: needsOf(name, 'ip', chains, limited.places), ip6: needsOf(name, 'ip6', chains, limited.places) },
  }
}

function needsOf(name: string, layer: IpVersion, chains: readonly NftChain[], limited: readonly LimitedPlace[]): Needs {
  const names = (['from-guest', 'to-guest'] as const).map((side) => chainName(name, { layer, side }))
  const own = limited.filter(({ version }) => version === layer)
  const rules = chains.filter((chain) => names.includes(chain.name)).flatMap((chain) => chain.rules)
  const all = [...rules, ...own.flatMap((place) => place.chains.flatMap((chain) => chain.rules))]
  return {
    rejects: rules.some(({ statement }) => statement.kind === 'set-mark'),
    tracks: all.some(({ matches }) => matches.some(({ kind }) => kind === 'mark')),
    limits: own.length > 0,
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
  const { marks, nic, options } = build
  const target = statementOf(statement.instance.rule.action, place, marks)
  const lowered = target.kind === 'refusal' ? target : lowerRule({ marks, nic, options }, statement, target)
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

function isEntry(place: ChainPlace): boolean {
  return place.layer !== 'ethernet' || place.suffix === 'root'
}

function jumpTo({ jumpTo: suffix }: PlannedJump, chain: string): NftRule {
  const selector = selectorOf(suffix)
  const matches = selector === undefined ? [] : [selector]
  return { matches, counters: [], statement: { kind: 'jump', chain }, comment: undefined, origins: [] }
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
