import { comment, macAttributesFollowing, protocolIdType } from './common-attributes.ts'
import type { Protocol } from './protocol.ts'

/** Spec 2.2, `mac`. */
export const mac: Protocol = {
  name: 'mac',
  about: 'Any Ethernet frame.',
  attributes: [
    ...macAttributesFollowing,
    {
      name: 'protocolid',
      type: protocolIdType,
      about: 'Ethertype of the frame.',
      ebtables: { option: '-p', hex: true },
    },
    comment,
  ],
  ebtables: { selector: [], terms: ['srcmacaddr', 'dstmacaddr', 'protocolid'] },
}
