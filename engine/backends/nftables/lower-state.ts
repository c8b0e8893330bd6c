import type { Condition } from '../../placement/condition.ts'
import { carriedStates, type MarkBits } from './mark-bits.ts'
import { type Alternatives, one } from './pieces.ts'

/** The state of the connection, from the mark or from the bridge family itself. */
export function lowerState(
  { states, direction }: Extract<Condition, { kind: 'state' }>,
  known: MarkBits | 'bridge',
): Alternatives {
  if (known !== 'bridge') {
    const values = carriedStates(known, states, direction)
    return one({ kind: 'mark', mask: known.state.mask, op: '==', values })
  }
  const words = states.map((state) => state.toLowerCase())
  const side = direction === 'Original' ? 'original' : 'reply'
  return one(
    { kind: 'ct-state', states: words },
    ...(direction === undefined ? [] : [{ kind: 'ct-direction', direction: side } as const]),
  )
}
