import type { Dialect } from '../../dialects/dialect.ts'
import { textOfValue } from '../../instantiate/rule-instance.ts'
import type { Parameters } from '../../nwfilter/filter.ts'
import type { Hole } from '../../placement/operand.ts'
import { printLiteral, type Style } from './print-literal.ts'

/** A place in an argument that each binding fills with a value of its own. */
export type Slot = Omit<Hole, 'kind'> & { readonly kind: 'slot'; readonly style: Style }

/** One word of a command: text, a slot, or several of them joined without a blank. */
export type Argument = string | Slot | readonly (string | Slot)[]

/** Joins pieces into one argument; text alone stays text. */
export function joinPieces(pieces: readonly (string | Slot)[]): Argument {
  return pieces.every((piece) => typeof piece === 'string') ? pieces.join('') : pieces
}

/** The slots of an argument. */
export function slotsOf(argument: Argument): readonly Slot[] {
  if (typeof argument === 'string') return []
  return 'kind' in argument ? [argument] : argument.filter((piece) => typeof piece !== 'string')
}

/** Fills an argument for one binding. strict prints a value as it prints one of the filter, libvirt passes its text on. */
export function fillArgument(argument: Argument, parameters: Parameters, dialect: Dialect): string {
  if (typeof argument === 'string') return argument
  if ('kind' in argument) return fillSlot(argument, parameters, dialect)
  return argument.map((piece) => (typeof piece === 'string' ? piece : fillSlot(piece, parameters, dialect))).join('')
}

/** The text of one slot for one binding. */
export function fillSlot({ source, type, style }: Slot, parameters: Parameters, dialect: Dialect): string {
  const text = textOfValue(source, parameters)
  if (dialect === 'libvirt') return text
  const value = type.parse(text)
  return value === undefined ? text : printLiteral(value, style)
}
