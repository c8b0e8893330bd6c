import type { Origin } from '../placement/placement.ts'
import type { Places, RulePlace, TraceStep } from './trace.ts'

/** A step where a rule matched. */
export type RuleStep = Extract<TraceStep, { kind: 'rule' }>

/** Where the rule of an origin stands. */
export function placeOf(origin: Origin, { lineOf, textOf }: Places): RulePlace {
  return { filter: origin.filter, line: lineOf(origin), text: textOf(origin) }
}

/** The step of a chain that was entered. */
export function chainStep(chain: string): TraceStep {
  return { kind: 'chain', chain }
}
