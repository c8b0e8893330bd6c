import { comment, dscpType, ipProtocolType, macAttributes, u16 } from './common-attributes.ts'
import { ipv4MaskType, ipv4Type } from './ip-type.ts'
import { protocol } from './protocol.ts'

/** Spec 2.2, `ip`. */
export const ip = protocol({
  name: 'ip',
  about: 'An IPv4 packet, matched at the Ethernet layer.',
  attributes: [
    ...macAttributes,
    {
      name: 'srcipaddr',
      type: ipv4Type,
      about: 'IPv4 address of the sender.',
      field: 'ip saddr',
      ebtables: { option: '--ip-source', reversed: '--ip-destination', mask: { attribute: 'srcipmask' } },
    },
    {
      name: 'srcipmask',
      type: ipv4MaskType,
      about: 'Which bits of srcipaddr count.',
      belongsTo: 'srcipaddr',
      negatedLike: 'srcipaddr',
    },
    {
      name: 'dstipaddr',
      type: ipv4Type,
      about: 'IPv4 address of the receiver.',
      field: 'ip daddr',
      ebtables: { option: '--ip-destination', reversed: '--ip-source', mask: { attribute: 'dstipmask' } },
    },
    {
      name: 'dstipmask',
      type: ipv4MaskType,
      about: 'Which bits of dstipaddr count.',
      belongsTo: 'dstipaddr',
      negatedLike: 'dstipaddr',
    },
    {
      name: 'protocol',
      type: ipProtocolType,
      about: 'Protocol inside the packet.',
      field: 'ip protocol',
      ebtables: { option: '--ip-protocol' },
    },
    {
      name: 'srcportstart',
      type: u16,
      about: 'Port of the sender, or the first of a range.',
      field: 'sport',
      ebtables: { option: '--ip-source-port', reversed: '--ip-destination-port', end: 'srcportend' },
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
      ebtables: { option: '--ip-destination-port', reversed: '--ip-source-port', end: 'dstportend' },
    },
    {
      name: 'dstportend',
      type: u16,
      about: 'Last port of the range that dstportstart begins.',
      belongsTo: 'dstportstart',
    },
    // libvirt prints the value unshifted as a TOS byte.
    {
      name: 'dscp',
      type: dscpType,
      about: 'Differentiated services code point.',
      field: 'ip dscp',
      ebtables: { option: '--ip-tos', hex: true, tos: true },
    },
    comment,
  ],
  backend: {
    tool: 'ebtables',
    selector: ['-p', 'ipv4'],
    terms: ['srcmacaddr', 'dstmacaddr', 'srcipaddr', 'dstipaddr', 'protocol', 'srcportstart', 'dstportstart', 'dscp'],
  },
})
