import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { report } from '../../diagnostics/report.ts'
import type { Hole } from '../../placement/operand.ts'
import type { Placement } from '../../placement/placement.ts'
import { elementsOf } from './elements-of.ts'
import { FAST_FROM, fastElements } from './fast-paths.ts'
import { hashOfPart } from './hash-of-parts.ts'
import type { HostParts, NicPart } from './host-parts.ts'
import { shareLimitMarks } from './limit-marks.ts'
import { type Group, lowerGroup } from './lower-group.ts'
import type { IpSets } from './lower-ipset.ts'
import type { LoweringOptions } from './lower-rule.ts'
import { valuesInText } from './lower-template.ts'
import { shareMarkBits } from './mark-bits.ts'
import { nameOf } from './names.ts'
import type { NicInput } from './nic-input.ts'
import { planShape, type ShapePlan } from './plan-shape.ts'
import type { SetUse } from './set-use.ts'
import { shortHash } from './short-hash.ts'
import { textOfHole } from './text-of-hole.ts'

/** How the NICs of a host are lowered. */
export type HostOptions = Pick<LoweringOptions, 'capabilities'> & {
  /** Sets of ours that stand for ipsets, by name; none without. */
  readonly ipsets?: IpSets

  /** Port devices that get rules and counters of their own, to be looked at. */
  readonly observed: ReadonlySet<string>
}

/** What NICs of one plan and the same values in the text of rules have in common. */
type Member = { readonly group: Group; readonly uses: readonly SetUse[] }
type Host = {
  readonly options: HostOptions
  readonly members: Map<ShapePlan, Map<string, Member>>
  readonly groups: Map<string, Group>
  readonly names: Set<string>
}

const NO_SETS: IpSets = new Map()
const plans = new WeakMap<Placement, ShapePlan>()
const textHoles = new WeakMap<ShapePlan, readonly Hole[]>()

/**
 * All NICs of a host → their parts. NICs with one plan share chains; what differs between them stands in sets. With what was
 * lowered before with the same options, a NIC that is the same object is taken over, and so are the groups of those NICs.
 */
export function lowerHost(nics: readonly NicInput[], options: HostOptions, before?: HostParts): HostParts {
  const ipsets = options.ipsets ?? NO_SETS
  // Rules that look into sets may be others when these have changed.
  const previous = before?.ipsets === ipsets ? before : undefined
  const groups = previous === undefined ? new Map<string, Group>() : groupsThatStay(nics, options, previous)
  const names = new Set([...groups.values()].map(({ name }) => name))
  const host: Host = { options, members: new Map(), groups, names }
  const parts = new Map<string, NicPart>()
  const diagnostics = new Map<string, readonly Diagnostic[]>()
  const room = roomForLimits(options)
  for (const nic of nics) {
    const { portDevice } = nic.binding
    const before = previous?.parts.get(portDevice)
    const isSame = before?.nic === nic && before.isObserved === options.observed.has(portDevice)
    const part = isSame ? before : lowerNic(host, nic)
    if (!('group' in part)) diagnostics.set(portDevice, part)
    else if (room(part.group)) parts.set(portDevice, part)
    else diagnostics.set(portDevice, [sayNoRoom(nic)])
  }
  return { parts, groups, diagnostics, ipsets }
}

/** Groups of NICs that stay as they are. */
function groupsThatStay(nics: readonly NicInput[], { observed }: HostOptions, previous: HostParts): Map<string, Group> {
  const used = new Set<Group>()
  for (const nic of nics) {
    const { portDevice } = nic.binding
    const part = previous.parts.get(portDevice)
    if (part?.nic === nic && part.isObserved === observed.has(portDevice)) used.add(part.group)
  }
  return new Map([...previous.groups].filter(([, group]) => used.has(group)))
}

/** Takes groups as long as the bits of the mark tell those with limits apart. */
function roomForLimits({ capabilities }: HostOptions): (group: Group) => boolean {
  const marks = shareMarkBits(capabilities.markMask)
  const taken = new Map<string, Group>()
  return (group) => {
    if (group.limited.length === 0 || taken.has(group.name)) return true
    const all = [...taken.values(), group]
    if (marks === undefined || shareLimitMarks(all, marks) === undefined) return false
    taken.set(group.name, group)
    return true
  }
}

function sayNoRoom({ binding }: NicInput): Diagnostic {
  const { portDevice, portDeviceSpan, filterSpan, source } = binding
  const message = `The bits of the mark that are Sluice's do not tell ${portDevice} apart from the other NICs whose connections are counted: give it more bits.`
  return report('NWF372', source, portDeviceSpan ?? filterSpan, message)
}

function lowerNic(host: Host, nic: NicInput): NicPart | readonly Diagnostic[] {
  const refused = sayName(nic.binding)
  if (refused !== undefined) return [refused]
  const plan = planOf(nic.placement)
  if (plan.limits) return lowerAlone(host, plan, nic, 'its connections are counted')
  const { portDevice } = nic.binding
  const holes = holesOf(plan)
  const isObserved = host.options.observed.has(portDevice)
  const texts = holes.map((hole) => textOfHole(hole, nic))
  const own = isObserved ? portDevice : texts.length === 0 ? '' : shortHash(texts.join('\n')).slice(-6)
  const { group, uses } = memberOf(host, plan, nic, { own, isObserved, expand: false })
  if (group.diagnostics.length > 0) return group.diagnostics
  const added = elementsOf(uses, nic)
  if (added.kind === 'found') return added.diagnostics
  if (added.kind === 'elements') {
    const apart = isObserved ? 'it is observed' : texts.length === 0 ? undefined : `no set holds ${namesOf(holes)}`
    const fast = fastElements(group.fastPaths, portDevice, added.elements)
    const { elements } = added
    if (fast.length > 0) elements.set(FAST_FROM.name, fast)
    return { nic, group, elements, isObserved, apart, hash: hashOfPart({ nic, group, elements }) }
  }
  return lowerAlone(host, plan, nic, 'its values overlap')
}

/** A NIC whose chains are its own, with its values in their text. */
function lowerAlone(host: Host, plan: ShapePlan, nic: NicInput, apart: string): NicPart | readonly Diagnostic[] {
  const { portDevice } = nic.binding
  const isObserved = host.options.observed.has(portDevice)
  const { group } = memberOf(host, plan, nic, { own: portDevice, isObserved, expand: true })
  if (group.diagnostics.length > 0) return group.diagnostics
  const part = { nic, group, elements: new Map() }
  return { ...part, isObserved, apart: isObserved ? 'it is observed' : apart, hash: hashOfPart(part) }
}

type Kind = { readonly own: string; readonly isObserved: boolean; readonly expand: boolean }

function memberOf(host: Host, plan: ShapePlan, nic: NicInput, { own, isObserved, expand }: Kind): Member {
  const known = host.members.get(plan)?.get(own)
  if (known !== undefined) return known
  const { binding } = nic
  const key = `${binding.filter}\n${own}\n${plan.signature}`
  const before = host.groups.get(key)
  const ending = own === '' ? '' : isObserved || expand ? `/${own.replace(/[^A-Za-z0-9_.-]/g, '_')}` : `.v${own}`
  const name = before?.name ?? freeName(host.names, `${nameOf(binding.filter)}${ending}`)
  const options = {
    ...host.options,
    ipsets: host.options.ipsets ?? NO_SETS,
    expand,
    counterPrefix: isObserved ? `${nameOf(own)}/` : '',
  }
  const group = lowerGroup(plan, name, nic, options)
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

/** Printable ASCII that neither Linux nor nft gives a meaning. */
const DEVICE_NAME = /^(?!\.{1,2}$)[!#-)+-.0-[\]-~]{1,15}$/

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

function holesOf(plan: ShapePlan): readonly Hole[] {
  const known = textHoles.get(plan)
  if (known !== undefined) return known
  const holes = plan.statements.flatMap((statement) => ('jumpTo' in statement ? [] : valuesInText(statement)))
  textHoles.set(plan, holes)
  return holes
}

function namesOf(holes: readonly Hole[]): string {
  return [...new Set(holes.map(({ variable }) => `$${variable.name}`))].join(', ')
}
