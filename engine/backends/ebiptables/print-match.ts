import type { RuleInstance } from '../../instantiate/rule-instance.ts'
import type { Match } from '../../nwfilter/filter.ts'
import { operandOf } from '../../placement/operand.ts'
import type { Slot } from './argument.ts'
import { printLiteral, type Style } from './print-literal.ts'

/** Literal values as numbers and addresses, variables as slots. */
export function printMatch(instance: RuleInstance, match: Match, style: Style = 'plain'): string | Slot {
  const operand = operandOf(instance, match)
  if (operand === undefined) return ''
  if (operand.kind === 'literal') return printLiteral(operand.value, style)
  return { ...operand, kind: 'slot', style }
}
