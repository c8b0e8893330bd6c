import type { LimitedPlace } from './lower-limited.ts'
import { type MarkBits, spreadBits, sumOf } from './mark-bits.ts'

/** Numbers in some bits of the mark, by the name of the group that has them. */
type Numbers = { readonly mask: number; readonly values: ReadonlyMap<string, number> }
/** How NICs with limits are told apart in the hooks of IP, which know no port of a bridge: by whom a packet comes from and goes to. */
export type LimitMarks = Readonly<Record<LimitedPlace['side'], Numbers>>
type Limited = { readonly name: string; readonly limited: readonly LimitedPlace[] }

/** Shares the free bits of the mark out among groups, in the order of their names; undefined where they are too few. */
export function shareLimitMarks(groups: readonly Limited[], { free }: MarkBits): LimitMarks | undefined {
  const namesOf = (side: LimitedPlace['side']) =>
    groups
      .filter(({ limited }) => limited.some((place) => place.side === side))
      .map(({ name }) => name)
      .sort()
  const [senders, receivers] = [namesOf('from-guest'), namesOf('to-guest')]
  const [some, more] = [bitsFor(senders.length), bitsFor(receivers.length)]
  if (some + more > free.length) return undefined
  return {
    'from-guest': number(senders, free.slice(0, some)),
    'to-guest': number(receivers, free.slice(some, some + more)),
  }
}

/** No NIC is 0. */
function bitsFor(count: number): number {
  return count === 0 ? 0 : Math.floor(Math.log2(count)) + 1
}

function number(names: readonly string[], bits: readonly number[]): Numbers {
  return { mask: sumOf(bits), values: new Map(names.map((name, at) => [name, spreadBits(at + 1, bits)])) }
}
