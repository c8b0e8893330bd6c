import {
  modelOfNftables,
  type NftablesRuleset,
  type Places,
  type TraceFrame,
  type TraceVerdict,
  traceFrames,
} from '#engine'

export type NftTable = NftablesRuleset['tables'][number]
export type NftSet = NftTable['sets'][number]
type NftChain = NftTable['chains'][number]
type NftRule = NftChain['rules'][number]
export type NftMatch = NftRule['matches'][number]
export type NftStatement = NftRule['statement']
export type NftField = NftSet['fields'][number]
type NftElement = NftSet['elements'][number]
export type NftValue = NftElement['key'][number]

const PLACES: Places = { lineOf: ({ entry }) => entry, textOf: ({ entry }) => `rule ${entry}` }
export const DROP: NftStatement = { kind: 'drop' }

/** A rule that drops, or does something else; with a number it stands for a rule of a filter. */
export function rule(
  matches: readonly NftMatch[],
  statement: NftStatement = { kind: 'drop' },
  entry?: number,
): NftRule {
  const origin = { source: 'filter:f', filter: 'f', span: { start: 0, end: 0 }, entry: entry ?? 0 }
  return { matches, statement, counters: [], comment: undefined, origins: entry === undefined ? [] : [origin] }
}

/** A chain; where its name is that of a hook with a priority behind it, it hangs there. */
export function chain(place: string, ...rules: readonly NftRule[]): NftChain {
  const [name = '', priority] = place.split(' ')
  const base = priority === undefined ? undefined : { hook: name, priority: Number(priority) }
  return { name, base, comment: undefined, rules }
}

/** A table of sets and chains, in any order. */
export function table(family: NftTable['family'], ...parts: readonly (NftSet | NftChain)[]): NftTable {
  const [sets, chains] = [parts.filter((part) => 'elements' in part), parts.filter((part) => 'rules' in part)]
  return { family, name: 't', counters: [], sets, chains }
}

/** A set of keys. */
export function set(name: string, fields: readonly NftField[], keys: readonly (readonly NftValue[])[]): NftSet {
  const elements = keys.map((key) => ({ key }))
  return { name, kind: 'set', fields, interval: true, dynamic: false, comment: undefined, elements }
}

/** A map from keys to chains. */
export function map(name: string, fields: readonly NftField[], elements: readonly NftElement[]): NftSet {
  return { ...set(name, fields, []), kind: 'verdict-map', elements }
}

/** A field that has a value. */
export function when(field: NftField, value: NftValue, op: '==' | '!=' = '=='): NftMatch {
  return { kind: 'compare', field, op, value }
}

/** A jump or a goto. */
export function to(kind: 'jump' | 'goto', name: string): NftStatement {
  return { kind, chain: name }
}

/** The first thing that sees a frame. */
export function early(...rules: readonly NftRule[]): NftTable {
  return table('bridge', chain('prerouting -300', ...rules))
}

/** What these tables make of frames. */
export function trace(tables: readonly NftTable[], frames: readonly TraceFrame[]): readonly TraceVerdict[] {
  const families = new Set(tables.map(({ family }) => family))
  const bridgeNetfilter = (['ip', 'ip6'] as const).filter((family) => families.has(family))
  const ruleset: NftablesRuleset = { kind: 'nftables-ruleset', tables, bridgeNetfilter }
  return traceFrames(modelOfNftables(ruleset, PLACES), frames)
}

/** Only the verdicts. */
export function verdicts(tables: readonly NftTable[], ...frames: readonly TraceFrame[]): readonly string[] {
  return trace(tables, frames).map(({ verdict }) => verdict)
}
