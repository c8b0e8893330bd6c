import type { Dialect } from '../../dialects/dialect.ts'
import type { Binding } from '../../nwfilter/binding.ts'
import type { Parameters } from '../../nwfilter/filter.ts'
import type { Origin, Placement } from '../../placement/placement.ts'

/** One NIC: its binding, and where its rules stand. */
export type NicInput = {
  readonly binding: Binding
  readonly placement: Placement
  /** The parameters as filters see them. */
  readonly parameters: Parameters
  readonly dialect: Dialect
  /** The line of a place in its text, for comments. */
  readonly lineOf: (origin: Origin) => number
}
