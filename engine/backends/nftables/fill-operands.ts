import type { Condition } from '../../placement/condition.ts'
import type { Operand } from '../../placement/operand.ts'

type Fill = (operand: Operand) => Operand

/** The same condition with other operands. */
export function fillOperands(condition: Condition, fill: Fill): Condition {
  switch (condition.kind) {
    case 'compare':
      return { ...condition, test: fillTest(condition.test, fill) }
    case 'tcp-option':
      return { ...condition, option: fill(condition.option) }
    case 'icmp-type':
      return { ...condition, type: fill(condition.type), code: condition.code && fill(condition.code) }
    case 'icmpv6-ranges':
      return { ...condition, type: fillPair(condition.type, fill), code: fillPair(condition.code, fill) }
    case 'set':
      return { ...condition, name: fill(condition.name), sides: fill(condition.sides) }
    case 'limit':
      return { ...condition, above: fill(condition.above) }
    default:
      return condition
  }
}

/** The operands of a condition. */
export function operandsIn(condition: Condition): readonly Operand[] {
  const found: Operand[] = []
  fillOperands(condition, (operand) => {
    found.push(operand)
    return operand
  })
  return found
}

function fillTest(test: Extract<Condition, { kind: 'compare' }>['test'], fill: Fill) {
  switch (test.kind) {
    case 'equal':
      return { ...test, value: fill(test.value) }
    case 'prefix':
      return { ...test, value: fill(test.value), length: fill(test.length) }
    case 'range':
      return { ...test, first: fill(test.first), last: fill(test.last) }
  }
}

function fillPair([first, last]: readonly [Operand, Operand], fill: Fill): readonly [Operand, Operand] {
  return [fill(first), fill(last)]
}
