import type { Source } from '../../diagnostics/diagnostic.ts'
import type { Span } from '../../diagnostics/span.ts'

/** `from-guest` is libvirt's I/J side (PREROUTING), `to-guest` its O/P side (POSTROUTING). */
export type Side = 'from-guest' | 'to-guest'

/** The place a kernel rule comes from. `entry` counts the filter's entries from 0. */
export type Origin = { readonly filter: string; readonly source: Source; readonly entry: number; readonly span: Span }

/** A jump from the root chain into a sub-chain; `selector` narrows it, e.g. `['-p', '0x0806']`. */
export type EbtablesJump = {
  readonly kind: 'jump'
  readonly side: Side
  readonly suffix: string
  readonly selector: readonly string[]
}

/** One rule; `matches` and `target` are arguments as ebtables takes them. */
export type EbtablesRule = {
  readonly kind: 'rule'
  readonly side: Side
  /** The sub-chain's suffix, or `root`. */
  readonly suffix: string
  readonly matches: readonly string[]
  readonly target: 'ACCEPT' | 'DROP' | 'RETURN' | 'CONTINUE'
  readonly origin: Origin
}

/** What one port device gets: statements in the order of installation. Chain names are added by print. */
export type EbtablesRuleset = {
  readonly kind: 'ebtables-ruleset'
  readonly portDevice: string
  readonly sides: readonly Side[]
  readonly statements: readonly (EbtablesJump | EbtablesRule)[]
}
