import { comment, ipProtocolType, macAttributes, u8, u16 } from './common-attributes.ts'
import { ipv6MaskType, ipv6Type } from './ip-type.ts'
import { protocol } from './protocol.ts'

/** Spec 2.2, `ipv6`. */
export const ipv6 = protocol({
  name: 'ipv6',
  about: 'An IPv6 packet, matched at the Ethernet layer.',
  attributes: [
    ...macAttributes,
    {
      name: 'srcipaddr',
      type: ipv6Type,
      about: 'IPv6 address of the sender.',
      field: 'ip6 saddr',
      ebtables: { option: '--ip6-source', reversed: '--ip6-destination', mask: { attribute: 'srcipmask' } },
    },
    {
      name: 'srcipmask',
      type: ipv6MaskType,
      about: 'Which bits of srcipaddr count.',
      belongsTo: 'srcipaddr',
      negatedLike: 'srcipaddr',
    },
    {
      name: 'dstipaddr',
      type: ipv6Type,
      about: 'IPv6 address of the receiver.',
      field: 'ip6 daddr',
      ebtables: { option: '--ip6-destination', reversed: '--ip6-source', mask: { attribute: 'dstipmask' } },
    },
    {
      name: 'dstipmask',
      type: ipv6MaskType,
      about: 'Which bits of dstipaddr count.',
      belongsTo: 'dstipaddr',
      negatedLike: 'dstipaddr',
    },
    {
      name: 'protocol',
      type: ipProtocolType,
      about: 'Protocol inside the packet.',
      field: 'ip6 protocol',
      ebtables: { option: '--ip6-protocol' },
    },
    {
      name: 'srcportstart',
      type: u16,
      about: 'Port of the sender, or the first of a range.',
      field: 'sport',
      ebtables: { option: '--ip6-source-port', reversed: '--ip6-destination-port', end: 'srcportend' },
    },
    {
      name: 'srcportend',
      type: u16,
      about: 'Last port of the range that srcportstart begins.',
      belongsTo: 'srcportstart',
    },
    {
      name: 'dstportstart',
      type: u16,
      about: 'Port of the receiver, or the first of a range.',
      field: 'dport',
      ebtables: { option: '--ip6-destination-port', reversed: '--ip6-source-port', end: 'dstportend' },
    },
    {
      name: 'dstportend',
      type: u16,
      about: 'Last port of the range that dstportstart begins.',
      belongsTo: 'dstportstart',
    },
    {
      name: 'type',
      type: u8,
      about: 'ICMPv6 type, or the first of a range.',
      ebtables: { option: '--ip6-icmp-type', icmpv6: true },
    },
    { name: 'typeend', type: u8, about: 'Last ICMPv6 type of the range.', negatedLike: 'type' },
    { name: 'code', type: u8, about: 'ICMPv6 code, or the first of a range.', negatedLike: 'type' },
    { name: 'codeend', type: u8, about: 'Last ICMPv6 code of the range.', negatedLike: 'type' },
    comment,
  ],
  backend: {
    tool: 'ebtables',
    selector: ['-p', 'ipv6'],
    terms: ['srcmacaddr', 'dstmacaddr', 'srcipaddr', 'dstipaddr', 'protocol', 'srcportstart', 'dstportstart', 'type'],
  },
})
