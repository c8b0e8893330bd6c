import type { RuleInstance } from '../../instantiate/rule-instance.ts'
import type { Filter } from '../../nwfilter/filter.ts'
import type { Condition } from '../../placement/condition.ts'
import { ethernetConditions } from '../../placement/ethernet-conditions.ts'
import { ipConditions } from '../../placement/ip-conditions.ts'
import type { Hole } from '../../placement/operand.ts'
import type { PlacedIpRule, PlacedRule, Placement, Side } from '../../placement/placement.ts'
import { hashOfRule } from './names.ts'

/** The chain a rule goes to: of the Ethernet layer, or of one IP version. */
export type ChainPlace =
  | { readonly layer: 'ethernet'; readonly side: Side; readonly suffix: string }
  | { readonly layer: 'ip' | 'ip6'; readonly side: Side }

/**
 * One rule of a filter as it stands in a chain: all its instances, which differ in values alone. They stand next to each other
 * and do the same, so that one kernel rule and an element for each of them say the same as all of them.
 */
export type Template = {
  readonly place: ChainPlace
  readonly instance: RuleInstance
  /** The conditions of each instance. */
  readonly conditions: readonly (readonly Condition[])[]
}
/** A jump into a sub-chain, by its suffix. */
export type PlannedJump = { readonly place: ChainPlace; readonly jumpTo: string }

/** What all bindings of a shape have in common for nftables. */
export type ShapePlan = {
  readonly statements: readonly (Template | PlannedJump)[]
  /** Equal for shapes that get the same kernel rules, however many values their variables have. */
  readonly signature: string
  /** A rule counts connections. */
  readonly limits: boolean
}

/** Placed rules → rules with their instances together. */
export function planShape({ ethernet, ip }: Placement): ShapePlan {
  const statements: (Template | PlannedJump)[] = []
  for (const side of ['from-guest', 'to-guest'] as const) {
    const ofSide = ethernet.filter((statement) => statement.side === side)
    for (const statement of ofSide)
      if (statement.kind === 'jump')
        statements.push({ place: { layer: 'ethernet', side, suffix: 'root' }, jumpTo: statement.suffix })
      else add(statements, toTemplate(statement))
  }
  // What goes to the host meets the same rules as what is forwarded.
  for (const { tool, rules } of ip)
    for (const side of ['from-guest', 'to-guest'] as const)
      for (const rule of rules) if (rule.side === side) add(statements, toIpTemplate(tool, { ...rule, side }))
  const limits = statements.some(
    (statement) => !('jumpTo' in statement) && statement.conditions.flat().some(({ kind }) => kind === 'limit'),
  )
  return { statements, signature: JSON.stringify(statements.map(signatureOf)), limits }
}

function toTemplate(placed: PlacedRule): Template {
  const { side, suffix, instance } = placed
  return { place: { layer: 'ethernet', side, suffix }, instance, conditions: [ethernetConditions(placed)] }
}

function toIpTemplate(tool: string, placed: PlacedIpRule & { readonly side: Side }): Template {
  const layer = tool === 'iptables' ? 'ip' : 'ip6'
  return { place: { layer, side: placed.side }, instance: placed.instance, conditions: [ipConditions(placed)] }
}

/** Adds to the template before where it is another instance of the same. */
function add(statements: (Template | PlannedJump)[], template: Template): void {
  const last = findLast(statements, template.place)
  const before = last === -1 ? undefined : statements[last]
  if (before === undefined || 'jumpTo' in before || signatureOf(before) !== signatureOf(template)) {
    statements.push(template)
    return
  }
  statements[last] = { ...before, conditions: [...before.conditions, ...template.conditions] }
}

/** The last statement of a chain. */
function findLast(statements: readonly (Template | PlannedJump)[], place: ChainPlace): number {
  return statements.findLastIndex((statement) => JSON.stringify(statement.place) === JSON.stringify(place))
}

const KNOWN = new WeakMap<Template | PlannedJump, string>()

function signatureOf(statement: Template | PlannedJump): string {
  const known = KNOWN.get(statement)
  if (known !== undefined) return known
  const signature =
    'jumpTo' in statement
      ? JSON.stringify(statement)
      : JSON.stringify([
          statement.place,
          filterOf(statement.instance.filter),
          statement.instance.entry,
          hashOfRule(statement.instance.rule),
          JSON.stringify(statement.conditions[0], withoutValues),
        ])
  KNOWN.set(statement, signature)
  return signature
}

function filterOf({ name, source }: Filter): readonly string[] {
  return [name, source]
}

/** A variable by its name; a value that a reference gives by its text. */
function withoutValues(_: string, value: unknown): unknown {
  if (typeof value !== 'object' || value === null || (value as Hole).kind !== 'hole') return value
  const { source, variable } = value as Hole
  return source.kind === 'text' ? { text: source.text } : { variable }
}
