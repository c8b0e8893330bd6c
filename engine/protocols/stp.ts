import { comment, macAttributesFollowing, u8, u16, u32 } from './common-attributes.ts'
import { macMaskType, macType } from './mac-type.ts'
import type { StpField } from './packet-field.ts'
import { type Attribute, type AttributeType, protocol } from './protocol.ts'

const range = (name: StpField, type: AttributeType, option: string, about: string): readonly Attribute[] => [
  {
    name,
    type,
    about: `${about}, or the first of a range.`,
    field: `stp ${name}`,
    ebtables: { option, end: `${name}-hi` },
  },
  {
    name: `${name}-hi`,
    type,
    about: `Last value of the range that ${name} begins.`,
    belongsTo: name,
    negatedLike: name,
  },
]
// The address and mask of a bridge identifier take variables of 20 characters, unlike other MAC addresses (spec 3.2).
const bridgeMac: AttributeType = { ...macType, variableLength: 20 }
const bridgeMask: AttributeType = { ...macMaskType, variableLength: 20 }
const address = (name: StpField, option: string, about: string): readonly Attribute[] => [
  { name, type: bridgeMac, about, field: `stp ${name}`, ebtables: { option, mask: { attribute: `${name}-mask` } } },
  { name: `${name}-mask`, type: bridgeMask, about: `Which bits of ${name} count.`, belongsTo: name, negatedLike: name },
]

/** Spec 2.2, `stp`. The destination is fixed: frames of the spanning tree protocol go to 01:80:c2:00:00:00. */
export const stp = protocol({
  name: 'stp',
  about: 'A frame of the spanning tree protocol.',
  attributes: [
    ...macAttributesFollowing.slice(0, 2),
    { name: 'type', type: u8, about: 'Type of the message.', field: 'stp type', ebtables: { option: '--stp-type' } },
    {
      name: 'flags',
      type: u8,
      about: 'Flags of the message.',
      field: 'stp flags',
      ebtables: { option: '--stp-flags' },
    },
    ...range('root-priority', u16, '--stp-root-pri', 'Priority of the root bridge'),
    ...address('root-address', '--stp-root-addr', 'MAC address of the root bridge.'),
    ...range('root-cost', u32, '--stp-root-cost', 'Cost of the path to the root bridge'),
    ...range('sender-priority', u16, '--stp-sender-prio', 'Priority of the sending bridge'),
    ...address('sender-address', '--stp-sender-addr', 'MAC address of the sending bridge.'),
    ...range('port', u16, '--stp-port', 'Port of the sending bridge'),
    ...range('age', u16, '--stp-msg-age', 'Age of the message'),
    ...range('max-age', u16, '--stp-max-age', 'Greatest age of a message'),
    ...range('hello-time', u16, '--stp-hello-time', 'Time between messages'),
    ...range('forward-delay', u16, '--stp-forward-delay', 'Time before a port forwards'),
    comment,
  ],
  backend: {
    tool: 'ebtables',
    selector: ['-d', '01:80:c2:00:00:00'],
    terms: [
      'srcmacaddr',
      'type',
      'flags',
      'root-priority',
      'root-address',
      'root-cost',
      'sender-priority',
      'sender-address',
      'port',
      'age',
      'max-age',
      'hello-time',
      'forward-delay',
    ],
  },
})
