/** The states of a connection as the mark carries them from the inet hooks to those of the bridge. */
export const CARRIED_STATES = [
  'new',
  'established original',
  'established reply',
  'related original',
  'related reply',
  'invalid',
  'untracked',
] as const
type CarriedState = (typeof CARRIED_STATES)[number]

/** Where our bits of the mark stand. Masks and values are unsigned numbers of 32 bits. */
export type MarkBits = {
  readonly all: number
  readonly state: { readonly mask: number; readonly values: Readonly<Record<CarriedState, number>> }
  /** Set on a packet that a rule of ours rejects: the bridge family has no way to answer. */
  readonly reject: number
  /** The bits that are left, lowest first: they tell NICs with limits apart. */
  readonly free: readonly number[]
}

const STATE_BITS = 3

/** Shares the bits of a mask out, lowest first; undefined where they are too few. */
export function shareMarkBits(mask: number): MarkBits | undefined {
  const bits = Array.from({ length: 32 }, (_, at) => 2 ** at).filter((bit) => (mask & bit) !== 0)
  const [reject] = bits.slice(STATE_BITS)
  if (reject === undefined) return undefined
  const ofState = bits.slice(0, STATE_BITS)
  const values = Object.fromEntries(CARRIED_STATES.map((state, at) => [state, spreadBits(at + 1, ofState)]))
  return {
    all: mask >>> 0,
    state: { mask: sumOf(ofState), values: values as Record<CarriedState, number> },
    reject,
    free: bits.slice(STATE_BITS + 1),
  }
}

/** The values of the state bits for xt_conntrack's words; no state named stands for all that have one. */
export function carriedStates(
  { state: { values } }: MarkBits,
  states: readonly string[],
  direction: 'Original' | 'Reply' | undefined,
): readonly number[] {
  return CARRIED_STATES.flatMap((carried) => {
    const [state = '', side = 'original'] = carried.split(' ')
    const isAsked = states.includes(state.toUpperCase())
    // A packet without a connection matches a state whatever direction is asked for.
    const isSide = direction === undefined || carried === 'invalid' || side === direction.toLowerCase()
    return isAsked && isSide ? [values[carried]] : []
  })
}

/** A small number in these bits of the mark, its lowest bit in the first. */
export function spreadBits(value: number, bits: readonly number[]): number {
  return sumOf(bits.filter((_, at) => (value >> at) & 1))
}

/** The mask that has these bits. */
export function sumOf(bits: readonly number[]): number {
  return bits.reduce((total, bit) => total + bit, 0)
}
