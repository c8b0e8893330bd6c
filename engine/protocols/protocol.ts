import type { AttributeValue } from './attribute-value.ts'

/** How the values of an attribute are written. One object serves decode, canonical output, checks and the editor. */
export type AttributeType = {
  /** A phrase for messages and hover, e.g. `a number from 0 to 63`. */
  readonly expected: string
  /** The value of a text, undefined where libvirt refuses it. Variables never get here. */
  readonly parse: (text: string) => AttributeValue | undefined
  /** libvirt's own form of the value in canonical XML. */
  readonly encode: (value: AttributeValue) => string
  /** The longest variable text libvirt can print here, in characters (spec 3.2); undefined where it does not print it. */
  readonly variableLength: number | undefined
  /** Words that stand for a value, for completion and did-you-mean. */
  readonly words: readonly string[]
}

/** The ebtables arguments of an attribute. Spec 5.5. */
export type EbtablesTerm = {
  readonly option: string
  /** The option when source and destination change places. */
  readonly reversed?: string
  /** `0xH` instead of decimal. */
  readonly hex?: true
  /** Printed behind `/`: an attribute; without it `fallback`, or the mask that another address of the rule carries. */
  readonly mask?: {
    readonly attribute: string
    readonly fallback?: string
    readonly otherwise?: { readonly address: string; readonly mask: string }
  }
  /** Printed behind `:`: the attribute that ends the range. */
  readonly end?: string
  /** The option is all there is, given when the value is true; its `!` stands in front. */
  readonly flag?: true
  /** The four ICMPv6 attributes share one option: `t:te/c:ce`. */
  readonly icmpv6?: true
}

/** One attribute of a protocol element: written once, for everybody. */
export type Attribute = {
  readonly name: string
  readonly type: AttributeType
  /** One sentence for people. */
  readonly about: string
  /** Whose `match='no'` counts: its own, or that of the attribute it belongs to. Spec 2.9. */
  readonly negatedLike?: string
  readonly ebtables?: EbtablesTerm
}

export type ProtocolName = 'mac' | 'vlan' | 'stp' | 'arp' | 'rarp' | 'ip' | 'ipv6'

/** A protocol element. Attributes stand in libvirt's own order: of parsing, of printing and of variables. Spec 2.6. */
export type Protocol = {
  readonly name: ProtocolName
  readonly about: string
  readonly attributes: readonly Attribute[]
  /** Arguments between the MAC addresses and the other terms, and the terms in the order of ebtables arguments. */
  readonly ebtables: { readonly selector: readonly string[]; readonly terms: readonly string[] }
}
