import type { Generations } from './generation.ts'
import type { HostParts, NicPart } from './host-parts.ts'
import { leadsOf } from './leads-of.ts'
import { printRule } from './print-rule.ts'
import { printElements, printTable } from './print-table.ts'
import type { NftablesRuleset, NftChain, NftElement, NftSet, NftTable } from './ruleset.ts'
import { TABLE } from './table.ts'

/** A host as it is, or as it shall be: its NICs, and its tables without their elements. */
export type HostFrame = {
  readonly parts: HostParts
  readonly frame: NftablesRuleset
  /** The marks in the tables; undefined where there are none. */
  readonly generations: Generations | undefined
}

/**
 * The text of one `nft -f` that makes `after` of `before`: elements where only NICs differ, rules of the chains that differ, and
 * nothing of the rest. What is no longer used goes last, when nothing refers to it any more.
 */
export function printChange(before: HostFrame, after: Pick<HostFrame, 'parts' | 'frame'>): string {
  const [old, next] = [tablesOf(before.frame), tablesOf(after.frame)]
  const lines: string[] = []
  const end: string[] = []
  for (const family of ['ip', 'ip6', 'bridge'] as const) changeTable(old.get(family), next.get(family), lines, end)
  const sets = new Map(next.get('bridge')?.sets.map((set) => [set.name, set]))
  lines.push(...changeElements(before.parts, after.parts, sets))
  return [...lines, ...end].map((line) => `${line}\n`).join('')
}

function tablesOf({ tables }: NftablesRuleset): ReadonlyMap<string, NftTable> {
  return new Map(tables.map((table) => [table.family, table]))
}

function changeTable(before: NftTable | undefined, after: NftTable | undefined, lines: string[], end: string[]): void {
  if (after === undefined) {
    if (before !== undefined) end.push(`delete table ${before.family} ${TABLE}`)
    return
  }
  if (before === undefined) {
    lines.push(printTable(after).trimEnd())
    return
  }
  const texts = new Map(before.chains.map((chain) => [chain.name, textOf(chain)]))
  const changed = after.chains.filter((chain) => texts.get(chain.name) !== textOf(chain))
  const at = `${after.family} ${TABLE}`
  for (const { name } of changed) if (texts.has(name)) lines.push(`flush chain ${at} ${name}`)
  const isNew = (known: readonly { readonly name: string }[]) => {
    const names = new Set(known.map(({ name }) => name))
    return ({ name }: { readonly name: string }) => !names.has(name)
  }
  const addition = {
    ...after,
    counters: after.counters.filter(isNew(before.counters)),
    sets: after.sets.filter(isNew(before.sets)),
    chains: changed,
  }
  const isEmpty = [addition.counters, addition.sets, changed].every(({ length }) => length === 0)
  if (!isEmpty) lines.push(printTable(addition).trimEnd())
  lines.push(...changeOwnElements(before, after))
  const gone = before.chains.filter(isNew(after.chains))
  // What refers to something goes before it: rules, then maps, then chains, then counters.
  for (const { name } of gone) end.push(`flush chain ${at} ${name}`)
  for (const { name, kind } of before.sets.filter(isNew(after.sets)))
    end.push(`delete ${kind === 'set' ? 'set' : 'map'} ${at} ${name}`)
  for (const { name } of gone) end.push(`delete chain ${at} ${name}`)
  for (const { name } of before.counters.filter(isNew(after.counters))) end.push(`delete counter ${at} ${name}`)
}

/** Elements that belong to no NIC: those of sets that stand for ipsets. */
function changeOwnElements(before: NftTable, after: NftTable): readonly string[] {
  const known = new Map(before.sets.map((set) => [set.name, set]))
  return after.sets.flatMap((set) => {
    const old = known.get(set.name)
    if (old === undefined || old.elements === set.elements) return []
    const [had, has] = [old, set].map(({ elements }) => new Set(elements.map((one) => printElements(set, [one], ''))))
    const gone = [...(had ?? [])].filter((text) => !has?.has(text))
    const come = [...(has ?? [])].filter((text) => !had?.has(text))
    const say = (verb: string, texts: readonly string[]) =>
      texts.length === 0 ? [] : [`${verb} element ${after.family} ${TABLE} ${set.name} { ${texts.join(', ')} }`]
    return [...say('delete', gone), ...say('add', come)]
  })
}

function textOf({ base, rules }: NftChain): string {
  return `${base?.hook} ${base?.priority}\n${rules.map(printRule).join('\n')}`
}

/** Elements that go, then those that come: one that leads elsewhere now does both. */
function changeElements(before: HostParts, after: HostParts, sets: ReadonlyMap<string, NftSet>): readonly string[] {
  const gone = new Map<string, NftElement[]>()
  const come = new Map<string, NftElement[]>()
  for (const portDevice of new Set([...before.parts.keys(), ...after.parts.keys()])) {
    const [old, next] = [before.parts.get(portDevice), after.parts.get(portDevice)]
    if (old === next) continue
    const [had, has] = [contentsOf(portDevice, old, sets), contentsOf(portDevice, next, sets)]
    for (const [key, { set, element }] of had) if (!has.has(key)) push(gone, set.name, { key: element.key })
    for (const [key, { set, element }] of has) if (!had.has(key)) push(come, set.name, element)
  }
  const print = (verb: string, changes: ReadonlyMap<string, readonly NftElement[]>) =>
    [...changes].map(([name, elements]) => {
      const set = sets.get(name)
      const text = set === undefined ? '' : printElements(set, elements, ', ')
      return `${verb} element bridge ${TABLE} ${name} { ${text} }`
    })
  return [...print('delete', gone), ...print('add', come)]
}

/** Everything a NIC has in sets that stay or come, by its text. */
function contentsOf(portDevice: string, part: NicPart | undefined, sets: ReadonlyMap<string, NftSet>) {
  const found = new Map<string, { readonly set: NftSet; readonly element: NftElement }>()
  if (part === undefined) return found
  const add = (name: string, elements: readonly NftElement[]) => {
    const set = sets.get(name)
    if (set === undefined) return
    for (const element of elements) found.set(`${name} ${printElements(set, [element], '')}`, { set, element })
  }
  for (const [name, elements] of part.elements) add(name, elements)
  for (const { map, verdict } of leadsOf(part.group)) add(map, [{ key: [portDevice], verdict }])
  return found
}

function push(changes: Map<string, NftElement[]>, name: string, element: NftElement): void {
  const elements = changes.get(name) ?? []
  changes.set(name, elements)
  elements.push(element)
}
