import type { Direction } from '../nwfilter/filter.ts'
import type { Side } from './placement.ts'

/** The sides a rule is installed on; what leaves the guest is `from-guest`. */
export function sidesOf(direction: Direction): readonly Side[] {
  if (direction === 'inout') return ['from-guest', 'to-guest']
  return direction === 'out' ? ['from-guest'] : ['to-guest']
}
