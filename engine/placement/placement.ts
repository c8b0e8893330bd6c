import type { Source } from '../diagnostics/diagnostic.ts'
import type { Span } from '../diagnostics/span.ts'
import type { RuleInstance } from '../instantiate/rule-instance.ts'

/** `from-guest` is what the guest sends (libvirt's I chains), `to-guest` what it gets (its O chains). */
export type Side = 'from-guest' | 'to-guest'
/** The chains of the IP layer: forwarded packets in both directions, and what the guest sends to the host itself. */
export type IpSide = Side | 'to-host'

/** The place a kernel rule comes from. `entry` counts the filter's entries from 0. */
export type Origin = { readonly filter: string; readonly source: Source; readonly entry: number; readonly span: Span }

/** A jump from the root chain into a sub-chain, narrowed by the beginning of the sub-chain's name. Spec 5.3. */
export type PlacedJump = { readonly kind: 'jump'; readonly side: Side; readonly suffix: string }

/** One rule of the Ethernet layer. `reversed`: source and destination change places. */
export type PlacedRule = {
  readonly kind: 'rule'
  readonly side: Side
  /** The sub-chain's suffix, or `root`. */
  readonly suffix: string
  readonly instance: RuleInstance
  readonly reversed: boolean
}

/** One rule of the IP layer, with what libvirt adds for connection tracking. Spec 5.6, 5.7. */
export type PlacedIpRule = {
  readonly side: IpSide
  readonly instance: RuleInstance
  readonly reversed: boolean
  /** States of the connection, in libvirt's order; undefined where the state does not matter. */
  readonly states: readonly string[] | undefined
  readonly connectionDirection: 'Original' | 'Reply' | undefined
}

/** The rules of one IP version, in order. */
export type IpPlacement = {
  readonly tool: 'iptables' | 'ip6tables'
  readonly rules: readonly PlacedIpRule[]
  /** Rules that libvirt formats and takes back. Their values have to fit all the same. */
  readonly leftOut: readonly PlacedIpRule[]
}

/** Where the rules of all bindings of one shape stand, in the order of installation: what every backend lowers. */
export type Placement = {
  /** The sides that have a root chain at the Ethernet layer. */
  readonly sides: readonly Side[]
  readonly ethernet: readonly (PlacedJump | PlacedRule)[]
  /** The IP versions that are used: a rule that becomes nothing brings its version's chains all the same. Spec 4.6. */
  readonly ip: readonly IpPlacement[]
}
