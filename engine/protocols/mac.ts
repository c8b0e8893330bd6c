import { comment, macAttributesFollowing, protocolIdType } from './common-attributes.ts'
import { protocol } from './protocol.ts'

/** Spec 2.2, `mac`. */
export const mac = protocol({
  name: 'mac',
  about: 'Any Ethernet frame.',
  attributes: [
    ...macAttributesFollowing,
    {
      name: 'protocolid',
      type: protocolIdType,
      about: 'Ethertype of the frame.',
      field: 'ether type',
      ebtables: { option: '-p', hex: true },
    },
    comment,
  ],
  backend: { tool: 'ebtables', selector: [], terms: ['srcmacaddr', 'dstmacaddr', 'protocolid'] },
})
