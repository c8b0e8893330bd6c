import { comment, encapProtocolType, macAttributesFollowing } from './common-attributes.ts'
import { numberType } from './number-type.ts'
import { protocol } from './protocol.ts'

/** Spec 2.2, `vlan`. */
export const vlan = protocol({
  name: 'vlan',
  about: 'A frame with an IEEE 802.1Q tag.',
  attributes: [
    ...macAttributesFollowing,
    {
      name: 'vlanid',
      type: numberType({ bits: 16, max: 4095 }),
      about: 'Number of the VLAN.',
      field: 'vlan id',
      ebtables: { option: '--vlan-id' },
    },
    {
      name: 'encap-protocol',
      type: encapProtocolType,
      about: 'Ethertype of what the tag wraps.',
      field: 'vlan type',
      // libvirt prints decimal here, which ebtables reads as hexadecimal.
      ebtables: { option: '--vlan-encap', hexInStrict: true },
    },
    comment,
  ],
  backend: {
    tool: 'ebtables',
    selector: ['-p', '0x8100'],
    terms: ['srcmacaddr', 'dstmacaddr', 'vlanid', 'encap-protocol'],
  },
})
