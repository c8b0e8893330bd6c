import { dscpType, u8, u16 } from './common-attributes.ts'
import { ipv4MaskType, ipv4Type, ipv6MaskType, ipv6Type } from './ip-type.ts'
import { macType } from './mac-type.ts'
import { numberType } from './number-type.ts'
import { type Attribute, type AttributeType, type Protocol, type ProtocolName, protocol } from './protocol.ts'
import { ipsetFlagsType, ipsetNameType, stateType, tcpFlagsType } from './set-types.ts'
import { commentType } from './text-type.ts'

type Family = 'ipv4' | 'ipv6'

/** The IP header as packet fields name it. */
const FIELDS = { ipv4: 'ip', ipv6: 'ip6' } as const
const NAMES = { ipv4: 'IPv4', ipv6: 'IPv6' } as const
/** Addresses of every IP-layer protocol go through a buffer that holds an IPv6 address. Spec 3.2. */
const longer = (type: AttributeType): AttributeType => ({ ...type, variableLength: 45 })
const ADDRESS = { ipv4: longer(ipv4Type), ipv6: longer(ipv6Type) } as const
const MASK = { ipv4: ipv4MaskType, ipv6: ipv6MaskType } as const
const portType: AttributeType = { ...u16, variableLength: 19 }

const sourceMac: Attribute = {
  name: 'srcmacaddr',
  type: macType,
  about: 'MAC address of the sender. Matched only in the direction the rule names.',
  field: 'ether saddr',
  iptables: { module: 'mac', option: '--mac-source' },
}

/** Single addresses with their masks. */
function addressAttributes(family: Family): readonly Attribute[] {
  const [address, mask] = [ADDRESS[family], MASK[family]]
  return [
    {
      name: 'srcipaddr',
      type: address,
      about: `${NAMES[family]} address of the sender.`,
      field: `${FIELDS[family]} saddr`,
      iptables: { option: '--source', reversed: '--destination', end: { attribute: 'srcipmask', separator: '/' } },
    },
    {
      name: 'srcipmask',
      type: mask,
      about: 'Which bits of srcipaddr count.',
      belongsTo: 'srcipaddr',
      negatedLike: 'srcipaddr',
    },
    {
      name: 'dstipaddr',
      type: address,
      about: `${NAMES[family]} address of the receiver.`,
      field: `${FIELDS[family]} daddr`,
      iptables: { option: '--destination', reversed: '--source', end: { attribute: 'dstipmask', separator: '/' } },
    },
    {
      name: 'dstipmask',
      type: mask,
      about: 'Which bits of dstipaddr count.',
      belongsTo: 'dstipaddr',
      negatedLike: 'dstipaddr',
    },
  ]
}

/** A range of addresses, in place of a single one. */
function rangeAttributes(end: 'src' | 'dst', family: Family): readonly Attribute[] {
  const [whose, other] = end === 'src' ? ['senders', 'dst'] : ['receivers', 'src']
  const [first, last] = [`${end}ipfrom`, `${end}ipto`]
  // libvirt reads dstipto as IPv4 in every protocol, so IPv6 ranges of receivers cannot be written.
  const misread = end === 'dst' ? { type: ADDRESS.ipv4, strictType: ADDRESS[family] } : { type: ADDRESS[family] }
  return [
    {
      name: first,
      type: ADDRESS[family],
      about: `First address of a range of ${whose}; used when ${end}ipaddr is not given.`,
      field: `${FIELDS[family]} ${end === 'src' ? 's' : 'd'}addr`,
      iptables: {
        module: 'iprange',
        option: `--${end}-range`,
        reversed: `--${other}-range`,
        end: { attribute: last, separator: '-' },
        unless: `${end}ipaddr`,
      },
    },
    {
      name: last,
      ...misread,
      about: `Last address of the range that ${first} begins.`,
      belongsTo: first,
      negatedLike: first,
    },
  ]
}

const connectionAttributes = (family: Family): readonly Attribute[] => [
  {
    name: 'dscp',
    type: dscpType,
    about: 'Differentiated services code point.',
    field: `${FIELDS[family]} dscp`,
    iptables: { module: 'dscp', option: '--dscp' },
  },
  {
    name: 'connlimit-above',
    type: numberType({ bits: 16, decimalOnly: true }),
    about: 'Matches while more connections than this are open.',
    iptables: { module: 'connlimit', option: '--connlimit-above' },
  },
  {
    name: 'state',
    type: stateType,
    about: 'States of the connection. Without it replies are let through by themselves.',
  },
  {
    name: 'ipset',
    type: ipsetNameType,
    about: 'An ipset of the host that the packet must be in.',
    iptables: { module: 'set', option: '--match-set' },
  },
  {
    name: 'ipsetflags',
    type: ipsetFlagsType,
    about: 'Which address of the packet each dimension of the set is.',
    belongsTo: 'ipset',
  },
]

/** The block every IP-layer element begins with, in libvirt's order. Spec 2.3. */
function commonAttributes(family: Family): readonly Attribute[] {
  return [
    sourceMac,
    ...addressAttributes(family),
    ...rangeAttributes('src', family),
    ...rangeAttributes('dst', family),
    ...connectionAttributes(family),
  ]
}

/** In tcp, udp and sctp three of the four ports take their negation from srcportstart. Spec 2.9. */
const ports: readonly Attribute[] = [
  {
    name: 'srcportstart',
    type: portType,
    about: 'Port of the sender, or the first of a range.',
    field: 'sport',
    iptables: { option: '--sport', reversed: '--dport', end: { attribute: 'srcportend', separator: ':' } },
  },
  {
    name: 'srcportend',
    type: portType,
    about: 'Last port of the range that srcportstart begins.',
    belongsTo: 'srcportstart',
    negatedLike: 'srcportstart',
  },
  {
    name: 'dstportstart',
    type: portType,
    about: 'Port of the receiver, or the first of a range.',
    field: 'dport',
    negatedLike: 'srcportstart',
    iptables: { option: '--dport', reversed: '--sport', end: { attribute: 'dstportend', separator: ':' } },
  },
  {
    name: 'dstportend',
    type: portType,
    about: 'Last port of the range that dstportstart begins.',
    belongsTo: 'dstportstart',
    negatedLike: 'srcportstart',
  },
]
const tcpOption: Attribute = {
  name: 'option',
  type: u8,
  about: 'Number of a TCP option that must be set.',
  iptables: { option: '--tcp-option' },
}
const tcpFlags: Attribute = {
  name: 'flags',
  type: tcpFlagsType,
  about: 'TCP flags: those of the mask that must be set, all others of it clear.',
  iptables: { option: '--tcp-flags' },
}
const icmpType = (option: string): readonly Attribute[] => [
  {
    name: 'type',
    type: u8,
    about: 'ICMP type. With it, no rule for replies is made.',
    iptables: { option, end: { attribute: 'code', separator: '/' } },
  },
  { name: 'code', type: u8, about: 'ICMP code; it counts only beside type.', belongsTo: 'type', negatedLike: 'type' },
]
const comment: Attribute = {
  name: 'comment',
  type: commentType,
  about: 'A remark that stands beside the kernel rule.',
  iptables: { module: 'comment', option: '--comment' },
}

type Row = readonly [name: ProtocolName, family: Family, protocol: string, title: string, extra: readonly Attribute[]]

const ROWS: readonly Row[] = [
  ['tcp', 'ipv4', 'tcp', 'A TCP segment over IPv4', [...ports, tcpOption, tcpFlags]],
  ['udp', 'ipv4', 'udp', 'A UDP datagram over IPv4', ports],
  ['udplite', 'ipv4', 'udplite', 'A UDP-Lite datagram over IPv4', []],
  ['esp', 'ipv4', 'esp', 'An ESP packet over IPv4', []],
  ['ah', 'ipv4', 'ah', 'An AH packet over IPv4', []],
  ['sctp', 'ipv4', 'sctp', 'An SCTP packet over IPv4', ports],
  ['icmp', 'ipv4', 'icmp', 'An ICMP message', icmpType('--icmp-type')],
  ['igmp', 'ipv4', 'igmp', 'An IGMP message', []],
  ['all', 'ipv4', 'all', 'Any IPv4 packet', []],
  ['icmpv6', 'ipv6', 'icmpv6', 'An ICMPv6 message', icmpType('--icmpv6-type')],
  ['tcp-ipv6', 'ipv6', 'tcp', 'A TCP segment over IPv6', [...ports, tcpOption, { ...tcpFlags, strictOnly: true }]],
  ['udp-ipv6', 'ipv6', 'udp', 'A UDP datagram over IPv6', ports],
  ['udplite-ipv6', 'ipv6', 'udplite', 'A UDP-Lite datagram over IPv6', []],
  ['esp-ipv6', 'ipv6', 'esp', 'An ESP packet over IPv6', []],
  ['ah-ipv6', 'ipv6', 'ah', 'An AH packet over IPv6', []],
  ['sctp-ipv6', 'ipv6', 'sctp', 'An SCTP packet over IPv6', ports],
  ['all-ipv6', 'ipv6', 'all', 'Any IPv6 packet', []],
]

/** The elements whose rules become iptables and ip6tables rules. Spec 2.3. */
export const ipLayerProtocols: readonly Protocol[] = ROWS.map(([name, family, kernelName, title, extra]) =>
  protocol({
    name,
    about: `${title}, with connection tracking.`,
    attributes: [...commonAttributes(family), ...extra, comment],
    // The fix-up that erases sets leaves out all and all-ipv6. Spec 2.8.
    losesSets: kernelName !== 'all',
    backend: { tool: family === 'ipv4' ? 'iptables' : 'ip6tables', protocol: kernelName },
  }),
)
