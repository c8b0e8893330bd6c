import type { Origin } from '../placement/placement.ts'

/** A frame at the port of a guest: `out` leaves the guest, `in` goes to it. The bytes as hexadecimal text, without a checksum. */
export type TraceFrame = { readonly portDevice: string; readonly direction: 'in' | 'out'; readonly hex: string }

/** A rule of a filter: where it stands, and its text there. */
export type RulePlace = { readonly filter: string; readonly line: number; readonly text: string }

/** Something on the way of a frame. */
export type TraceStep =
  /** A chain was entered. */
  | { readonly kind: 'chain'; readonly chain: string }
  /** A rule matched: in the words of the model, what it does, and the rules of filters it stands for. */
  | {
      readonly kind: 'rule'
      readonly chain: string
      readonly text: string
      readonly target: string
      readonly places: readonly RulePlace[]
    }
  /** What happened outside of any rule. */
  | { readonly kind: 'note'; readonly text: string }

/** What would happen to a frame. `by` is the rule that decided last; null where none did. */
export type TraceVerdict = {
  readonly verdict: 'accept' | 'drop' | 'reject' | 'not-modelled'
  readonly by: RulePlace | null
  readonly steps: readonly TraceStep[]
}

/** Tells where a rule stands; the caller has the texts. */
export type Places = {
  /** The line of a rule's beginning, from 1. */
  readonly lineOf: (origin: Origin) => number
  /** The rule as it is written there. */
  readonly textOf: (origin: Origin) => string
}

/** Something that frames can be sent through, and forgets nothing between them. Made anew for each list of frames. */
export type TraceModel = { readonly start: () => (frame: TraceFrame) => TraceVerdict }
