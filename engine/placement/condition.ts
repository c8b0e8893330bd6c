import type { PacketField } from '../protocols/packet-field.ts'
import type { Operand } from './operand.ts'

/** What the value of a field is compared with. The length of a prefix is a number of bits, or a MAC mask. */
export type Test =
  | { readonly kind: 'equal'; readonly value: Operand }
  | { readonly kind: 'prefix'; readonly value: Operand; readonly length: Operand }
  | { readonly kind: 'range'; readonly first: Operand; readonly last: Operand }

/**
 * One thing a rule asks of a frame. A rule matches when all its conditions do; a field that a frame does not have matches
 * nothing, negated or not.
 */
export type Condition =
  | { readonly kind: 'compare'; readonly field: PacketField; readonly negated: boolean; readonly test: Test }
  /** Of the flags in `mask` exactly those in `flags` are set: lists of names, `ALL` or `NONE`. */
  | { readonly kind: 'tcp-flags'; readonly mask: string; readonly flags: string; readonly negated: boolean }
  | { readonly kind: 'tcp-option'; readonly option: Operand; readonly negated: boolean }
  /** Type and code of iptables; negated together. */
  | {
      readonly kind: 'icmp-type'
      readonly version: 'icmp' | 'icmpv6'
      readonly type: Operand
      readonly code: Operand | undefined
      readonly negated: boolean
    }
  /** Types and codes of ebtables; negated together. */
  | {
      readonly kind: 'icmpv6-ranges'
      readonly type: readonly [Operand, Operand]
      readonly code: readonly [Operand, Operand]
      readonly negated: boolean
    }
  /** The frame is a bridge protocol data unit. */
  | { readonly kind: 'bpdu' }
  /** An ARP packet whose sender and target address are equal. */
  | { readonly kind: 'gratuitous'; readonly negated: boolean }
  | {
      readonly kind: 'state'
      readonly states: readonly string[]
      readonly direction: 'Original' | 'Reply' | undefined
    }
  | {
      readonly kind: 'set'
      readonly name: Operand
      /** `src` and `dst`, one for each dimension of the set. */
      readonly sides: Operand
      /** The sides change places. */
      readonly reversed: boolean
      readonly negated: boolean
    }
  /** More connections from the sender's address are open. */
  | { readonly kind: 'limit'; readonly above: Operand; readonly negated: boolean }
