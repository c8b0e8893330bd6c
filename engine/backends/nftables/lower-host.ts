import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { report } from '../../diagnostics/report.ts'
import type { Placement } from '../../placement/placement.ts'
import { elementsOf } from './elements-of.ts'
import { frameTables } from './frame-tables.ts'
import { type Group, type GroupOptions, lowerGroup } from './lower-group.ts'
import { valuesInText } from './lower-template.ts'
import { nameOf } from './names.ts'
import type { NicInput } from './nic-input.ts'
import { planShape, type ShapePlan } from './plan-shape.ts'
import type { NftablesRuleset, NftElement } from './ruleset.ts'
import type { SetContents, SetUse } from './set-use.ts'
import { shortHash } from './short-hash.ts'
import { textOfHole } from './text-of-hole.ts'

/** How the NICs of a host are lowered. */
export type HostOptions = Pick<GroupOptions, 'capabilities' | 'lineOf'> & {
  /** Port devices that get rules and counters of their own, to be looked at. */
  readonly observed: ReadonlySet<string>
}
/** The ruleset of all NICs, and what was found about those that are not in it. */
export type LoweredHost = {
  readonly ruleset: NftablesRuleset
  /** What stands in the way of a NIC, by port device: it is not in the ruleset. */
  readonly diagnostics: ReadonlyMap<string, readonly Diagnostic[]>
  /** Why a NIC has chains that it does not share with others, by port device. */
  readonly apart: ReadonlyMap<string, string>
}

/** What NICs of one plan and the same values in the text of rules have in common. */
type Member = { readonly group: Group; readonly uses: readonly SetUse[] }

type Host = {
  readonly options: HostOptions
  readonly members: Map<ShapePlan, Map<string, Member>>
  readonly groups: Map<string, Group>
  readonly names: Set<string>
  readonly sets: Map<string, SetContents>
  /** Elements of the maps that lead into chains, by `LAYER SIDE`. */
  readonly dispatch: Map<string, NftElement[]>
  readonly apart: Map<string, string>
}

/** Printable ASCII that neither Linux nor nft gives a meaning. */
const DEVICE_NAME = /^(?!\.{1,2}$)[!#-)+-.0-[\]-~]{1,15}$/
const plans = new WeakMap<Placement, ShapePlan>()
const textHoles = new WeakMap<ShapePlan, ReturnType<typeof valuesInText>>()

/** All NICs of a host → its tables. NICs with one plan share chains; what differs between them stands in sets. */
export function lowerHost(nics: readonly NicInput[], options: HostOptions): LoweredHost {
  const host: Host = {
    options,
    members: new Map(),
    groups: new Map(),
    names: new Set(),
    sets: new Map(),
    dispatch: new Map(),
    apart: new Map(),
  }
  const diagnostics = new Map<string, readonly Diagnostic[]>()
  for (const nic of nics) {
    const found = addNic(host, nic)
    if (found.length > 0) diagnostics.set(nic.binding.portDevice, found)
  }
  const groups = [...host.groups.values()].filter((group) => group.diagnostics.length === 0)
  const { sets, dispatch, apart } = host
  return { ruleset: frameTables({ groups, sets, dispatch, capabilities: options.capabilities }), diagnostics, apart }
}

function addNic(host: Host, nic: NicInput): readonly Diagnostic[] {
  const refused = sayName(nic.binding)
  if (refused !== undefined) return [refused]
  const plan = planOf(nic.placement)
  const { portDevice } = nic.binding
  const holes = holesOf(plan)
  const isObserved = host.options.observed.has(portDevice)
  const texts = holes.map((hole) => textOfHole(hole, nic))
  const own = isObserved ? portDevice : texts.length === 0 ? '' : shortHash(texts.join('\n')).slice(-6)
  const member = memberOf(host, plan, nic, { own, isObserved, expand: false })
  if (member.group.diagnostics.length > 0) return member.group.diagnostics
  const added = elementsOf(member.uses, nic)
  if (added.kind === 'found') return added.diagnostics
  if (isObserved) host.apart.set(portDevice, 'it is observed')
  else if (texts.length > 0) host.apart.set(portDevice, `no set can hold ${namesOf(holes)}`)
  if (added.kind === 'elements') return enter(host, nic, member, added.elements)
  host.apart.set(portDevice, 'its values overlap')
  const alone = memberOf(host, plan, nic, { own: portDevice, isObserved: false, expand: true })
  return alone.group.diagnostics.length > 0 ? alone.group.diagnostics : enter(host, nic, alone, [])
}

function memberOf(
  host: Host,
  plan: ShapePlan,
  { binding, parameters, dialect }: NicInput,
  { own, isObserved, expand }: { readonly own: string; readonly isObserved: boolean; readonly expand: boolean },
): Member {
  const known = host.members.get(plan)?.get(own)
  if (known !== undefined) return known
  const key = `${binding.filter}\n${own}\n${plan.signature}`
  const before = host.groups.get(key)
  const ofDevice = isObserved || expand
  const ending = own === '' ? '' : ofDevice ? `/${own.replace(/[^A-Za-z0-9_.-]/g, '_')}` : `.v${own}`
  const name = before?.name ?? freeName(host.names, `${nameOf(binding.filter)}${ending}`)
  const options = { ...host.options, expand, counterPrefix: isObserved ? `${nameOf(own)}/` : '' }
  const group = lowerGroup(plan, name, { parameters, dialect }, options)
  if (before === undefined) host.groups.set(key, group)
  const member = { group: before ?? group, uses: group.uses }
  const ofPlan = host.members.get(plan) ?? new Map<string, Member>()
  host.members.set(plan, ofPlan.set(own, member))
  return member
}

/** Two groups of one filter whose values differ get names of their own; a number is the last resort. */
function freeName(names: Set<string>, wanted: string): string {
  let name = wanted
  for (let count = 2; names.has(name); count += 1) name = `${wanted}.${count}`
  names.add(name)
  return name
}

function enter(
  host: Host,
  { binding: { portDevice } }: NicInput,
  { group, uses }: Member,
  elements: ReadonlyMap<string, readonly NftElement[]> | readonly [],
): readonly [] {
  for (const use of uses) {
    const contents = host.sets.get(use.name) ?? { use, elements: [] }
    host.sets.set(use.name, contents)
    if ('get' in elements) contents.elements.push(...(elements.get(use.name) ?? []))
  }
  for (const [place, chain] of group.entries) {
    const map = host.dispatch.get(place) ?? []
    host.dispatch.set(place, map)
    const kind = place.startsWith('ethernet') ? 'goto' : 'jump'
    map.push({ key: [portDevice], verdict: { kind, chain } })
  }
  return []
}

/** Other names are no names of interfaces, or mean something else to nft: one that ends in `*` stands for many. */
function sayName({ portDevice, portDeviceSpan, filterSpan, source }: NicInput['binding']): Diagnostic | undefined {
  if (DEVICE_NAME.test(portDevice)) return undefined
  const message = `“${portDevice}” cannot be given to nftables as the name of an interface.`
  return report('NWF373', source, portDeviceSpan ?? filterSpan, message)
}

function planOf(placement: Placement): ShapePlan {
  const known = plans.get(placement)
  if (known !== undefined) return known
  const plan = planShape(placement)
  plans.set(placement, plan)
  return plan
}

function holesOf(plan: ShapePlan): ReturnType<typeof valuesInText> {
  const known = textHoles.get(plan)
  if (known !== undefined) return known
  const holes = plan.statements.flatMap((statement) => ('jumpTo' in statement ? [] : valuesInText(statement)))
  textHoles.set(plan, holes)
  return holes
}

function namesOf(holes: ReturnType<typeof valuesInText>): string {
  return [...new Set(holes.map(({ variable }) => `$${variable.name}`))].join(', ')
}
