import type { Dialect } from '#engine'
import { accept, bind, drop, filter, rule } from './texts.ts'

/** Texts in which several layers meet one cause, and everything that is told: the text it is about, and the code. */
export type OnceCase = {
  readonly what: string
  readonly texts: readonly string[]
  readonly dialect?: Dialect
  readonly told: readonly string[]
}

const MISSING = filter(`<filterref filter='web-server'/>`)
const REFUSED = filter(`<rule action='log' direction='in'/>`, `name='bad'`)
const REJECT = rule(`action='reject' direction='in'`, `<mac/>`)
const SET = accept(`<tcp ipset='friends'/>`)
const SAME_CHAIN = [-900, -100].map((priority) =>
  filter(
    `<rule action='drop' direction='in'><arp/></rule>`,
    `name='arp${priority}' chain='arp-6' priority='${priority}'`,
  ),
)

export const onceCases: readonly OnceCase[] = [
  { what: 'a missing filter is told where it is referenced', texts: [MISSING], told: ['text 0 NWF201'] },
  {
    what: 'a missing filter is an error as soon as a NIC needs it, and no warning any more',
    texts: [MISSING, bind('example')],
    told: ['text 0 NWF202'],
  },
  {
    what: 'a missing filter is told once for two NICs',
    texts: [MISSING, bind('example'), bind('example', {}, 'vnet1')],
    told: ['text 0 NWF202'],
  },
  {
    what: 'a missing filter is told at each reference that has to change',
    texts: [filter(`<filterref filter='web-server'/>\n  <filterref filter='web-server'/>`), bind('example')],
    told: ['text 0 NWF202', 'text 0 NWF202'],
  },
  {
    what: 'a filter that was refused is not missing',
    texts: [REFUSED, filter(`<filterref filter='bad'/>`)],
    told: ['text 0 NWF133'],
  },
  {
    what: 'a filter that was refused stands in the way of a NIC',
    texts: [REFUSED, filter(`<filterref filter='bad'/>`), bind('example')],
    told: ['text 0 NWF133', 'text 1 NWF203'],
  },
  {
    what: 'a text that is not well-formed is not missing either',
    texts: [filter(`<rule action='drop' direction='in'>`), bind('example')],
    told: ['text 0 NWF101', 'text 1 NWF203'],
  },
  {
    what: 'a loop is told at its references, and not at the NIC',
    texts: [
      filter(`<filterref filter='b'/>`, `name='a'`),
      filter(`<filterref filter='a'/>`, `name='b'`),
      bind('a'),
      bind('b', {}, 'vnet1'),
    ],
    told: ['text 0 NWF204', 'text 1 NWF204'],
  },
  {
    what: 'what strict refuses is told in the filter, and not once more for its NICs',
    texts: [REJECT, bind('example'), bind('example', {}, 'vnet1')],
    dialect: 'strict',
    told: ['text 0 NWF316'],
  },
  {
    what: 'what libvirt refuses at the NIC alone is an error there, and no warning any more',
    texts: [SET, bind('example')],
    told: ['text 0 NWF323'],
  },
  {
    what: 'one chain with two priorities is told once for two NICs',
    texts: [
      ...SAME_CHAIN,
      filter(`<filterref filter='arp-900'/><filterref filter='arp-100'/>`),
      bind('example'),
      bind('example', {}, 'vnet1'),
    ],
    told: ['text 1 NWF318'],
  },
  {
    what: 'two parts that a binding lacks are two findings, in the order in which libvirt looks',
    texts: ['<filterbinding/>'],
    told: [1, 2, 3, 4, 5].map(() => 'text 0 NWF140'),
  },
  {
    what: 'two attributes that a rule lacks are two findings',
    texts: [filter('<rule/>')],
    told: ['text 0 NWF121', 'text 0 NWF121'],
  },
  {
    what: 'two values that are too few for two indexes are two findings',
    texts: [drop(`<ip srcipaddr='$A[1]' dstipaddr='$A[2]'/>`), bind('example', { A: '10.0.0.1' })],
    told: ['text 1 NWF308', 'text 1 NWF308'],
  },
  {
    what: 'a misspelt attribute that is required is missing, and not unknown too',
    texts: [filter(`<rule acton='drop' direction='in'/>`)],
    told: ['text 0 NWF121'],
  },
  {
    what: 'a misspelt parameter leaves its variable without a value, and is not unused too',
    texts: [drop(`<mac srcmacaddr='$GATEWAY_MAC'/>`), bind('example', { GATEWAYMAC: '52:54:00:00:00:01' })],
    told: ['text 1 NWF305'],
  },
  {
    what: 'what a filter that is missing would read is not known',
    texts: [MISSING, bind('example', { WEB: '80' })],
    told: ['text 0 NWF202'],
  },
  {
    what: 'a parameter that libvirt drops is told where it stands, and its variable where it is missing',
    texts: [
      drop(`<ip srcipaddr='$NET'/>`),
      bind('example', { NET: '10.0.0.0/8' }),
      bind('example', { NET: '10.0.0.0' }, 'vnet1'),
    ],
    told: ['text 1 NWF303', 'text 1 NWF305'],
  },
  {
    what: 'built-in filters have nothing to tell about themselves',
    texts: [bind('clean-traffic', { IP: '192.0.2.10' })],
    told: [],
  },
  {
    what: 'built-in filters have nothing to tell about themselves in strict',
    texts: [bind('clean-traffic', { IP: '192.0.2.10' })],
    dialect: 'strict',
    told: [],
  },
]
