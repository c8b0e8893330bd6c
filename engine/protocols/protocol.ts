import type { DiagnosticCode } from '../diagnostics/registry.ts'
import type { AttributeValue } from './attribute-value.ts'
import type { PacketField } from './packet-field.ts'

/** A text that libvirt takes, but not for what its author is likely to mean. */
export type Surprise = { readonly code: DiagnosticCode; readonly message: string; readonly instead: string | undefined }

/** How the values of an attribute are written. One object serves decode, canonical output, checks and the editor. */
export type AttributeType = {
  /** A phrase for messages and hover, e.g. `a number from 0 to 63`. */
  readonly expected: string
  /** The value of a text, undefined where libvirt refuses it. Variables never get here. */
  readonly parse: (text: string) => AttributeValue | undefined
  /** What is odd about a text that parses; undefined where nothing is. */
  readonly surprise?: (text: string) => Surprise | undefined
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
  /** Hexadecimal only in the strict dialect: libvirt prints decimal, which the tool reads as hexadecimal. */
  readonly hexInStrict?: true
  /** A DSCP, which libvirt prints unshifted as a TOS byte; strict shifts it and spells out the four values of the ECN bits. */
  readonly tos?: true
  /** Printed behind `/`: an attribute; without it `fallback`, or (libvirt only) the mask that another address of the rule carries. */
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

/** The iptables arguments of an attribute; ip6tables takes the same. Spec 5.6. */
type IptablesTerm = {
  readonly option: string
  /** The option when source and destination change places. */
  readonly reversed?: string
  /** Loaded by `-m` in front of the option. */
  readonly module?: string
  /** Printed behind the value: the attribute that completes it. */
  readonly end?: { readonly attribute: string; readonly separator: '/' | '-' | ':' }
  /** Not printed beside this attribute. */
  readonly unless?: string
}

/** One attribute of a protocol element: written once, for everybody. */
export type Attribute = {
  readonly name: string
  readonly type: AttributeType
  /** Where libvirt reads another type than the documented one: the type that the strict dialect reads. */
  readonly strictType?: AttributeType
  /** libvirt does not know the attribute here, though it is documented: the strict dialect reads it. */
  readonly strictOnly?: true
  /** One sentence for people. */
  readonly about: string
  /** The attribute this one completes (a mask its address, an end its start): without it, it says nothing. */
  readonly belongsTo?: string
  /** Whose `match='no'` counts in libvirt, where it is not the attribute's own. Spec 2.9. */
  readonly negatedLike?: string
  /** What it is compared with; what completes or qualifies another attribute has none. */
  readonly field?: PacketField
  readonly ebtables?: EbtablesTerm
  readonly iptables?: IptablesTerm
}

type IpLayerName = 'tcp' | 'udp' | 'udplite' | 'esp' | 'ah' | 'sctp' | 'all'
/** The names of the protocol elements. Spec 1.4. */
export type ProtocolName =
  | 'mac'
  | 'vlan'
  | 'stp'
  | 'arp'
  | 'rarp'
  | 'ip'
  | 'ipv6'
  | IpLayerName
  | `${IpLayerName}-ipv6`
  | 'icmp'
  | 'igmp'
  | 'icmpv6'

/** Which tool a protocol's rules go to. */
type ProtocolBackend =
  | {
      readonly tool: 'ebtables'
      /** Arguments between the MAC addresses and the other terms. */
      readonly selector: readonly string[]
      /** The terms in the order of ebtables arguments. */
      readonly terms: readonly string[]
    }
  | {
      readonly tool: 'iptables' | 'ip6tables'
      /** What stands behind `-p`. */
      readonly protocol: string
    }

/** A protocol element. Attributes stand in libvirt's own order: of parsing, of printing and of variables. Spec 2.6. */
export type Protocol = {
  readonly name: ProtocolName
  readonly about: string
  readonly attributes: readonly Attribute[]
  /** The same by name. */
  readonly byName: ReadonlyMap<string, Attribute>
  /** The place of each in the table. */
  readonly placeOf: ReadonlyMap<string, number>
  /** What may be written on the element: its attributes, and `match`. */
  readonly writable: ReadonlyMap<string, true>
  /** libvirt erases `ipset` with `ipsetflags` from this element. Spec 2.8. */
  readonly losesSets: boolean
  readonly backend: ProtocolBackend
}

/** Makes a protocol of its table. */
export function protocol(
  table: Omit<Protocol, 'byName' | 'placeOf' | 'writable' | 'losesSets'> & { readonly losesSets?: boolean },
): Protocol {
  const names = table.attributes.map(({ name }) => name)
  return {
    losesSets: false,
    ...table,
    byName: new Map(table.attributes.map((attribute) => [attribute.name, attribute])),
    placeOf: new Map(names.map((name, at) => [name, at])),
    writable: new Map(['match', ...names].map((name) => [name, true])),
  }
}
