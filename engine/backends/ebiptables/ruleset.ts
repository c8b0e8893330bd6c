import type { Dialect } from '../../dialects/dialect.ts'
import type { Parameters } from '../../nwfilter/filter.ts'
import type { IpSide, Origin, Side } from '../../placement/placement.ts'
import type { Argument } from './argument.ts'

/** A jump from the root chain into a sub-chain; `selector` narrows it, e.g. `['-p', '0x0806']`. */
type EbtablesJump = {
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
  readonly matches: readonly Argument[]
  readonly target: 'ACCEPT' | 'DROP' | 'RETURN' | 'CONTINUE'
  readonly origin: Origin
}

/** One rule of iptables or ip6tables; `matches` begin with `-p`. */
export type IptablesRule = {
  readonly side: IpSide
  readonly matches: readonly Argument[]
  readonly target: 'ACCEPT' | 'DROP' | 'REJECT' | 'RETURN' | 'CONTINUE'
  readonly origin: Origin
}

/** The rules of one tool of the IP layer. */
export type IpLayer = { readonly tool: 'iptables' | 'ip6tables'; readonly rules: readonly IptablesRule[] }

/** What all bindings of one shape get, in the order of installation. Chain names and values are added by print. */
export type RulesetShape = {
  /** The sides that have a root chain in ebtables. */
  readonly sides: readonly Side[]
  readonly ethernet: readonly (EbtablesJump | EbtablesRule)[]
  /** The tools of the IP layer that are used: a rule that becomes no command brings its tool's chains all the same. Spec 4.6. */
  readonly ip: readonly IpLayer[]
  /** Arguments that libvirt formats for a rule it then leaves out: their values have to fit all the same. */
  readonly discarded: readonly Argument[]
}

/** What one port device gets. */
export type EbiptablesRuleset = {
  readonly kind: 'ebiptables-ruleset'
  readonly dialect: Dialect
  readonly portDevice: string
  readonly parameters: Parameters
  readonly shape: RulesetShape
}
