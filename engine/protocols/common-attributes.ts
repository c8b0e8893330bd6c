import { macMaskType, macType } from './mac-type.ts'
import { ethertypes, ipProtocols } from './named-numbers.ts'
import { numberType } from './number-type.ts'
import type { Attribute } from './protocol.ts'
import { commentType } from './text-type.ts'

/** Numbers of 8, 16 and 32 bits. Spec 2.1. */
export const u8 = numberType({ bits: 8 })
export const u16 = numberType({ bits: 16 })
export const u32 = numberType({ bits: 32 })
/** Numbers and names with ranges of their own. Spec 2.2. */
export const dscpType = numberType({ bits: 8, max: 63 })
export const protocolIdType = numberType({ bits: 16, min: 0x600, names: ethertypes })
export const encapProtocolType = numberType({ bits: 16, min: 0x3c, names: ethertypes })
export const ipProtocolType = numberType({ bits: 8, names: ipProtocols })

const source: Attribute = {
  name: 'srcmacaddr',
  type: macType,
  about: 'MAC address of the sender, from the Ethernet header.',
  field: 'ether saddr',
  ebtables: { option: '-s', reversed: '-d', mask: { attribute: 'srcmacmask' } },
}
const sourceMask: Attribute = {
  name: 'srcmacmask',
  type: macMaskType,
  about: 'Which bits of srcmacaddr count.',
  belongsTo: 'srcmacaddr',
}
const destination: Attribute = {
  name: 'dstmacaddr',
  type: macType,
  about: 'MAC address of the receiver, from the Ethernet header.',
  field: 'ether daddr',
  ebtables: { option: '-d', reversed: '-s', mask: { attribute: 'dstmacmask' } },
}
const destinationMask: Attribute = {
  name: 'dstmacmask',
  type: macMaskType,
  about: 'Which bits of dstmacaddr count.',
  belongsTo: 'dstmacaddr',
}

/** The four MAC attributes every Ethernet-layer element but stp begins with; the masks' negation never reaches a command. */
export const macAttributes: readonly Attribute[] = [source, sourceMask, destination, destinationMask]

/** The same, where dumpxml shows the masks with their address's negation (mac, vlan and stp). Spec 2.2. */
export const macAttributesFollowing: readonly Attribute[] = [
  source,
  { ...sourceMask, negatedLike: 'srcmacaddr' },
  destination,
  { ...destinationMask, negatedLike: 'dstmacaddr' },
]

/** The remark that ends every Ethernet-layer element. */
export const comment: Attribute = {
  name: 'comment',
  type: commentType,
  about: 'A remark; it is not given to ebtables.',
}
