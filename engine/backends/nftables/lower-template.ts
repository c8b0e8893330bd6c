import type { Dialect } from '../../dialects/dialect.ts'
import type { Parameters } from '../../nwfilter/filter.ts'
import type { Condition } from '../../placement/condition.ts'
import type { Hole, Operand } from '../../placement/operand.ts'
import { resolveOperand } from '../../placement/resolve-operand.ts'
import { fillOperands, operandsIn } from './fill-operands.ts'
import { lowerCondition, type Reading } from './lower-condition.ts'
import { type Alternatives, allOf, type HolePiece, type Piece, type Refusal, refuse } from './pieces.ts'
import type { Template } from './plan-shape.ts'
import type { NftMatch } from './ruleset.ts'
import { fitsKey, type SetUse, setFor } from './set-use.ts'

/** The kernel rules of one rule of a filter, as conditions, and the sets they look into. */
export type LoweredTemplate = { readonly rules: readonly (readonly NftMatch[])[]; readonly uses: readonly SetUse[] }

/** Where values of variables that cannot stand in a set come from. */
export type Values = { readonly parameters: Parameters; readonly dialect: Dialect }

/** The variables of a rule whose values become part of its text: no set can say what it asks of them, or not for so many. */
export function valuesInText({ conditions }: Template): readonly Hole[] {
  const all = conditions.map(holesOf)
  if (isShared(conditions)) return all.flat().filter(({ source }) => source.kind === 'text')
  return all.flat()
}

/** A rule as all NICs of its shape have it. `field` tells the NICs apart; without it values stand in the text of the rule. */
export function lowerTemplate(
  template: Template,
  reading: Reading,
  values: Values,
  field: 'iifname' | 'oifname' | undefined,
): LoweredTemplate | Refusal {
  const { conditions } = template
  const shares = field !== undefined && isShared(conditions)
  const fill = (operand: Operand): Operand => {
    if (operand.kind === 'literal' || (shares && operand.source.kind === 'parameter')) return operand
    const value = resolveOperand(operand, values.parameters, values.dialect)
    return value === undefined ? operand : { kind: 'literal', value }
  }
  const filled = conditions.map((one) => one.map((condition) => fillOperands(condition, fill)))
  if (!shares && filled.flat().some((condition) => holesOf([condition]).length > 0))
    return refuse('NWF319', 'a value is no value for its attribute')
  return shares ? lowerShared(filled, reading, field) : lowerApart(filled, reading)
}

function lowerApart(instances: readonly (readonly Condition[])[], reading: Reading): LoweredTemplate | Refusal {
  const rules: NftMatch[][] = []
  for (const conditions of instances) {
    const lowered = lowerAll(conditions, reading)
    if ('kind' in lowered) return lowered
    for (const pieces of lowered) rules.push(pieces.filter((piece): piece is NftMatch => !isHole(piece)))
  }
  return { rules, uses: [] }
}

/** One kernel rule for all instances: the positive variables are one key together, each negated one is a key of its own. */
function lowerShared(
  instances: readonly (readonly Condition[])[],
  reading: Reading,
  field: 'iifname' | 'oifname',
): LoweredTemplate | Refusal {
  const lowered = instances.map((conditions) => lowerAll(conditions, reading))
  const refusal = lowered.find((one): one is Refusal => 'kind' in one)
  if (refusal !== undefined) return refusal
  const [first = []] = lowered as Alternatives[]
  const uses = new Map<string, SetUse>()
  const rules = first.map((pieces, alternative) => {
    const holes = pieces.filter(isHole)
    const lookUp = (at: readonly number[], op: '==' | '!='): readonly NftMatch[] => {
      if (at.length === 0) return []
      const tuples = (lowered as Alternatives[]).map((one) => pick((one[alternative] ?? []).filter(isHole), at))
      const set = setFor(
        pick(holes, at),
        tuples.map((tuple) => tuple.map(({ test }) => test)),
      )
      uses.set(set.name, set)
      return [{ kind: 'lookup', fields: [field, ...set.fields], op, set: set.name }]
    }
    const places = (negated: boolean) => [...holes.keys()].filter((at) => holes[at]?.negated === negated)
    return [
      ...pieces.filter((piece): piece is NftMatch => !isHole(piece)),
      ...lookUp(places(false), '=='),
      ...places(true).flatMap((at) => lookUp([at], '!=')),
    ]
  })
  return { rules, uses: [...uses.values()] }
}

function isHole(piece: Piece): piece is HolePiece {
  return piece.kind === 'hole'
}

function pick(holes: readonly HolePiece[], at: readonly number[]): readonly HolePiece[] {
  return at.flatMap((place) => holes[place] ?? [])
}

function lowerAll(conditions: readonly Condition[], reading: Reading): Alternatives | Refusal {
  const lowered: Alternatives[] = []
  for (const condition of conditions) {
    const one = lowerCondition(condition, reading)
    if ('kind' in one) return one
    lowered.push(one)
  }
  return allOf(lowered)
}

/** A negated variable with several values is a rule for each of them, which no set of all of them says. */
function isShared(conditions: readonly (readonly Condition[])[]): boolean {
  const [first = []] = conditions
  const isSettable = first.every((condition) => condition.kind === 'compare' || holesOf([condition]).length === 0)
  const isNegated = first.some(
    (condition) => condition.kind === 'compare' && condition.negated && holesOf([condition]).length > 0,
  )
  return isSettable && (!isNegated || conditions.length === 1) && fitsKey(positiveHoles(first))
}

function positiveHoles(conditions: readonly Condition[]): readonly HolePiece[] {
  return conditions.flatMap((condition): readonly HolePiece[] => {
    if (condition.kind !== 'compare' || condition.negated || holesOf([condition]).length === 0) return []
    const isWide = condition.field.startsWith('ip6 ') && condition.field.endsWith('addr')
    return [{ kind: 'hole', field: isWide ? 'ip6 saddr' : 'ether saddr', negated: false, test: condition.test }]
  })
}

function holesOf(conditions: readonly Condition[]): readonly Hole[] {
  return conditions.flatMap((condition) =>
    operandsIn(condition).flatMap((operand) => (operand.kind === 'hole' ? [operand] : [])),
  )
}
