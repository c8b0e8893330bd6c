import { comment, macAttributes, u16 } from './common-attributes.ts'
import { ipv4MaskType, ipv4Type } from './ip-type.ts'
import { macType } from './mac-type.ts'
import { numberType } from './number-type.ts'
import { type Attribute, protocol } from './protocol.ts'
import { booleanType } from './text-type.ts'

const opcodes = {
  Request: 1,
  Reply: 2,
  Request_Reverse: 3,
  Reply_Reverse: 4,
  DRARP_Request: 5,
  DRARP_Reply: 6,
  DRARP_Error: 7,
  InARP_Request: 8,
  ARP_NAK: 9,
}

/** ARP masks take shorter variables than other masks (spec 3.2). */
const maskType = { ...ipv4MaskType, variableLength: 15 }

const attributes: readonly Attribute[] = [
  ...macAttributes,
  {
    name: 'hwtype',
    type: u16,
    about: 'Hardware type; 1 is Ethernet.',
    field: 'arp htype',
    ebtables: { option: '--arp-htype' },
  },
  {
    name: 'protocoltype',
    type: u16,
    about: 'Protocol type; 0x800 is IPv4.',
    field: 'arp ptype',
    ebtables: { option: '--arp-ptype', hex: true },
  },
  {
    name: 'opcode',
    type: numberType({ bits: 16, names: opcodes }),
    about: 'What the packet asks or answers.',
    field: 'arp operation',
    ebtables: { option: '--arp-opcode' },
  },
  {
    name: 'arpsrcmacaddr',
    type: macType,
    about: 'MAC address of the sender, inside the packet.',
    field: 'arp saddr ether',
    ebtables: { option: '--arp-mac-src', reversed: '--arp-mac-dst' },
  },
  {
    name: 'arpdstmacaddr',
    type: macType,
    about: 'MAC address of the target, inside the packet.',
    field: 'arp daddr ether',
    ebtables: { option: '--arp-mac-dst', reversed: '--arp-mac-src' },
  },
  {
    name: 'arpsrcipaddr',
    type: ipv4Type,
    about: 'IPv4 address of the sender, inside the packet.',
    field: 'arp saddr ip',
    ebtables: { option: '--arp-ip-src', reversed: '--arp-ip-dst', mask: { attribute: 'arpsrcipmask', fallback: '32' } },
  },
  { name: 'arpsrcipmask', type: maskType, about: 'Which bits of arpsrcipaddr count.', belongsTo: 'arpsrcipaddr' },
  {
    name: 'arpdstipaddr',
    type: ipv4Type,
    about: 'IPv4 address of the target, inside the packet.',
    field: 'arp daddr ip',
    // Without a mask of its own libvirt takes the source's.
    ebtables: {
      option: '--arp-ip-dst',
      reversed: '--arp-ip-src',
      mask: { attribute: 'arpdstipmask', otherwise: { address: 'arpsrcipaddr', mask: 'arpsrcipmask' }, fallback: '32' },
    },
  },
  { name: 'arpdstipmask', type: maskType, about: 'Which bits of arpdstipaddr count.', belongsTo: 'arpdstipaddr' },
  {
    name: 'gratuitous',
    type: booleanType,
    about: 'Only announcements, whose sender and target address are the same.',
    ebtables: { option: '--arp-gratuitous', flag: true },
  },
  comment,
]
const terms = [
  'srcmacaddr',
  'dstmacaddr',
  'hwtype',
  'opcode',
  'protocoltype',
  'arpsrcipaddr',
  'arpdstipaddr',
  'arpsrcmacaddr',
  'arpdstmacaddr',
  'gratuitous',
]

/** Spec 2.2, `arp`. */
export const arp = protocol({
  name: 'arp',
  about: 'An ARP packet.',
  attributes,
  backend: { tool: 'ebtables', selector: ['-p', '0x806'], terms },
})

/** Spec 2.2, `rarp`: the table of arp. */
export const rarp = protocol({
  name: 'rarp',
  about: 'A reverse ARP packet.',
  attributes,
  backend: { tool: 'ebtables', selector: ['-p', '0x8035'], terms },
})
