import { textOfValue } from '../../instantiate/rule-instance.ts'
import type { Hole } from '../../placement/operand.ts'
import type { NicInput } from './nic-input.ts'

/** The text of a variable on a NIC. */
export function textOfHole({ source }: Hole, { parameters }: NicInput): string {
  return textOfValue(source, parameters)
}
