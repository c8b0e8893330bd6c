import type { Origin } from '../../placement/placement.ts'
import type { NftField } from './nft-field.ts'

/**
 * A value as nft writes it in the type of its field: `192.0.2.1`, `52:54:00:00:00:10`, `0x806`, `vnet0`, `22`. All texts come from
 * typed values, and none holds a blank or a character that means something to nft.
 */
export type NftValue =
  | string
  | { readonly kind: 'range'; readonly first: string; readonly last: string }
  | { readonly kind: 'prefix'; readonly address: string; readonly length: number }

/** Whether the match holds where the values are equal (or in the set), or where they are not. */
type Operator = '==' | '!='

/** One condition of a rule. A field that a frame does not have ends the rule, whatever the operator. */
export type NftMatch =
  | { readonly kind: 'compare'; readonly field: NftField; readonly op: Operator; readonly value: NftValue }
  /** `FIELD & MASK == VALUE`. */
  | {
      readonly kind: 'masked'
      readonly field: NftField
      readonly mask: string
      readonly op: Operator
      readonly value: string
    }
  /** The fields together are an element of a set of the table. */
  | { readonly kind: 'lookup'; readonly fields: readonly NftField[]; readonly op: Operator; readonly set: string }
  | { readonly kind: 'tcp-option'; readonly option: number; readonly present: boolean }
  /** The packet is no fragment of IPv6, the first one, or a later one. */
  | { readonly kind: 'fragment'; readonly which: 'none' | 'first' | 'later' }
  /** The transport header stands in this packet. Written as a comparison that always holds where there is one. */
  | { readonly kind: 'has-transport-header' }
  /** Only where the bridge family has connection tracking, or in family ip and ip6. Names in lower case. */
  | { readonly kind: 'ct-state'; readonly states: readonly string[] }
  | { readonly kind: 'ct-direction'; readonly direction: 'original' | 'reply' }
  /** The bits of the mark under `mask` have one of these values. */
  | { readonly kind: 'mark'; readonly mask: number; readonly op: Operator; readonly values: readonly number[] }
  /** The packet came in by a bridge. Families ip and ip6. */
  | { readonly kind: 'from-bridge' }

/** What a rule does with what it matches. */
export type NftStatement =
  | { readonly kind: 'accept' | 'drop' | 'return' | 'continue' }
  | { readonly kind: 'jump' | 'goto'; readonly chain: string }
  /** The verdict that the map has for the fields, if any. */
  | { readonly kind: 'vmap'; readonly fields: readonly NftField[]; readonly map: string }
  /** The bits under `mask` of the mark become `value`; the others stay. Then the verdict, if any. */
  | {
      readonly kind: 'set-mark'
      readonly mask: number
      readonly value: number
      readonly verdict: 'accept' | 'return' | undefined
    }
  /** The verdict for the bits of the mark under `mask`, if any. */
  | {
      readonly kind: 'mark-vmap'
      readonly mask: number
      readonly verdicts: readonly { readonly value: number; readonly chain: string }[]
    }
  /** An ICMP error of the port. Families ip and ip6. */
  | { readonly kind: 'reject'; readonly version: 'icmp' | 'icmpv6' }
  /** Counts the connections of a key in a dynamic set; more of them than `above` (or not more, negated) get the verdict. Families ip and ip6. */
  | {
      readonly kind: 'limit'
      readonly set: string
      readonly fields: readonly NftField[]
      readonly above: number
      readonly negated: boolean
      readonly verdict: 'drop' | 'reject' | 'accept' | 'return'
    }

/** One rule of a chain. */
export type NftRule = {
  readonly matches: readonly NftMatch[]
  /** Names of counters that this rule raises. */
  readonly counters: readonly string[]
  readonly statement: NftStatement
  readonly comment: string | undefined
  /** Rules of filters that this rule stands for; none for the frame of the ruleset. */
  readonly origins: readonly Origin[]
}

/** A chain with its rules, in order. */
export type NftChain = {
  readonly name: string
  /** Where the chain hangs in the kernel; undefined for a chain that others jump to. The policy of a base chain is accept. */
  readonly base: { readonly hook: string; readonly priority: number } | undefined
  readonly comment: string | undefined
  readonly rules: readonly NftRule[]
}

/** An element of a set, or of a verdict map. */
export type NftElement = {
  readonly key: readonly NftValue[]
  readonly verdict?: { readonly kind: 'jump' | 'goto'; readonly chain: string }
}

/** A set of keys, or a map from keys to verdicts. */
export type NftSet = {
  readonly name: string
  readonly kind: 'set' | 'verdict-map'
  /** The fields whose types the key has. Written with `typeof` where one of them is raw. */
  readonly fields: readonly NftField[]
  /** Its keys may be ranges and prefixes. */
  readonly interval: boolean
  /** Filled by rules. */
  readonly dynamic: boolean
  readonly comment: string | undefined
  readonly elements: readonly NftElement[]
}

/** A named counter; rules of several chains may raise one. */
export type NftCounter = { readonly name: string; readonly comment: string }

/** One table of ours. */
export type NftTable = {
  readonly family: 'bridge' | 'ip' | 'ip6'
  readonly name: string
  readonly counters: readonly NftCounter[]
  readonly sets: readonly NftSet[]
  readonly chains: readonly NftChain[]
}

/** Everything of ours in the kernel of a host. */
export type NftablesRuleset = {
  readonly kind: 'nftables-ruleset'
  readonly tables: readonly NftTable[]
  /** The IP versions whose bridged packets have to pass the hooks of IP (br_netfilter). */
  readonly bridgeNetfilter: readonly ('ip' | 'ip6')[]
}
