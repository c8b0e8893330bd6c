import type { DiagnosticCode } from '#engine'
import type { TrapCase } from './trap-case.ts'

const rule = (head: string, elements: string) => `<rule ${head}>${elements}</rule>`
const dropIn = (elements: string) => rule(`action='drop' direction='in'`, elements)
const acceptIn = (elements: string) => rule(`action='accept' direction='in'`, elements)
const filter = (head: string, inside: string) => `<filter ${head}>${inside}</filter>`
const one = (trap: string, code: DiagnosticCode, text: string, more: Partial<TrapCase> = {}): TrapCase => ({
  trap,
  code,
  filters: [text],
  strict: 'refused',
  ...more,
})
/** A filter that uses no variable, for references to it. */
const ARP = filter(`name='arp'`, dropIn('<arp/>'))
const FIRST = '2cb9a2ab-7b2c-4d0f-b5b7-7a5d2e0f1c11'
const notSubstituted = (attribute: string) => `3.6: a variable in ${attribute} is not substituted`

/** The traps that the strict dialect refuses. */
export const refusedTraps: readonly TrapCase[] = [
  one('1: an unknown protocol element is skipped', 'NWF124', acceptIn(`<«tpc» dstportstart='22'/>`), {
    also: ['NWF301'],
  }),
  one(
    '1: a rule with unknown elements only matches every frame',
    'NWF301',
    `<«rule» action='accept' direction='out'><none/></rule>`,
    {
      also: ['NWF124'],
    },
  ),
  one(
    '1.4: a second kind of protocol element is ignored',
    'NWF302',
    acceptIn(`<tcp dstportstart='22'/><«udp» dstportstart='53'/>`),
  ),
  one('1.1: an unknown element is skipped', 'NWF122', `<«rules» action='drop' direction='in'/>${dropIn('<arp/>')}`),
  one('1.1: an unknown element in a reference is skipped', 'NWF122', '', {
    filters: [filter(`name='trap'`, `<filterref filter='arp'><«paramter» name='A' value='1'/></filterref>`), ARP],
  }),
  one(
    '1.1: an element inside a protocol element is skipped',
    'NWF122',
    dropIn(`<tcp dstportstart='22'><«udp»/></tcp>`),
  ),
  one('1.1: a second UUID is skipped', 'NWF122', '', {
    filters: [filter(`name='trap'`, `<uuid>${FIRST}</uuid><«uuid»>12</uuid>${dropIn('<arp/>')}`)],
  }),
  one('1.5: an unknown attribute of a parameter is skipped', 'NWF123', '', {
    filters: [
      filter(`name='trap'`, `<filterref filter='arp'><parameter name='A' value='1' «mask»='24'/></filterref>`),
      ARP,
    ],
  }),
  one('6: an unknown attribute is skipped', 'NWF123', acceptIn(`<tcp «dstport»='22'/>`)),
  one('13: icmp has no MAC address of the receiver', 'NWF123', dropIn(`<icmp «dstmacaddr»='1:2:3:4:5:6'/>`)),
  one('2.2: the names of stp in the manual are not the real ones', 'NWF123', dropIn(`<stp «msg-age»='1'/>`)),
  one('6: a parameter with an illegal value is dropped', 'NWF303', '', {
    filters: [
      filter(`name='trap'`, `<filterref filter='arp'><parameter name='IP' value='«10.0.0.0/8»'/></filterref>`),
      ARP,
    ],
  }),
  one('6: a parameter with an illegal name is dropped', 'NWF303', '', {
    filters: [filter(`name='trap'`, `<filterref filter='arp'><parameter name='«A-B»' value='1'/></filterref>`), ARP],
  }),
  one('1.5: a parameter without a value is dropped', 'NWF303', '', {
    filters: [filter(`name='trap'`, `<filterref filter='arp'><«parameter» name='A'/></filterref>`), ARP],
  }),
  one(
    '6: a rule priority out of range becomes 500',
    'NWF312',
    rule(`action='drop' direction='in' priority='«2000»'`, '<arp/>'),
  ),
  one(
    '6: a rule priority in hexadecimal becomes 500',
    'NWF312',
    rule(`action='drop' direction='in' priority='«0x10»'`, '<arp/>'),
  ),
  one(
    '1.3: statematch that is not understood leaves it on',
    'NWF313',
    rule(`action='accept' direction='in' statematch='«no»'`, '<tcp/>'),
  ),
  one(
    '1.2: a chain priority without a chain is thrown away',
    'NWF314',
    filter(`name='trap' priority='«-100»'`, dropIn('<arp/>')),
  ),
  one('2.2: a mask without its address is ignored', 'NWF315', dropIn(`<ip srcipmask='«24»'/>`)),
  one('2.3: the end of a range without its start is ignored', 'NWF315', dropIn(`<tcp dstportend='«80»'/>`)),
  one('2.8: ipsetflags alone are erased from tcp', 'NWF315', dropIn(`<tcp ipsetflags='«src»'/>`)),
  one('2.8: ipsetflags alone say nothing in all', 'NWF315', dropIn(`<all ipsetflags='«src»'/>`)),
  one('5.6: an ICMP code without its type is ignored', 'NWF315', dropIn(`<icmp code='«3»'/>`)),
  one(
    '2.3: a range of addresses beside an address is ignored',
    'NWF354',
    dropIn(`<all srcipaddr='10.0.0.1' srcipfrom='«10.1.1.1»' srcipto='10.1.1.9'/>`),
  ),
  one('2.3: an empty range of ports is passed on', 'NWF353', dropIn(`<tcp dstportstart='90' dstportend='«80»'/>`)),
  one(
    '2.3: an empty range of addresses is passed on',
    'NWF353',
    dropIn(`<all srcipfrom='10.0.0.9' srcipto='«10.0.0.1»'/>`),
  ),
  one('2.2: an empty range of stp is passed on', 'NWF353', dropIn(`<stp root-cost='9' root-cost-hi='«1»'/>`)),
  one(
    '1.4: an attribute in a later element overrides',
    'NWF346',
    dropIn(`<tcp dstportstart='«1»'/><tcp dstportstart='2'/>`),
  ),
  one('1.4: match in capitals does not negate', 'NWF347', dropIn(`<mac match='«NO»' srcmacaddr='1:2:3:4:5:6'/>`)),
  one('2.1: TRUE is false', 'NWF348', dropIn(`<arp gratuitous='«TRUE»'/>`)),
  one('2.1: a long comment is cut', 'NWF349', dropIn(`<tcp comment='«${'x'.repeat(257)}»'/>`)),
  one('2.1: two numbers are an IPv4 address', 'NWF350', dropIn(`<ip srcipaddr='«10.1»'/>`)),
  one('2.1: leading zeros are octal', 'NWF350', dropIn(`<all srcipaddr='«010.0.0.1»'/>`)),
  one('2.1: IPv6 text is an IPv4 address', 'NWF350', dropIn(`<all srcipaddr='«::ffff:1.2.3.4»'/>`)),
  one('2.1: a negative number wraps around', 'NWF351', dropIn(`<stp root-cost='«-1»'/>`)),
  one('2.1: text behind a MAC address is ignored', 'NWF352', dropIn(`<mac srcmacaddr='«1:2:3:4:5:6 or so»'/>`)),
  one('3.1: text behind a variable is ignored', 'NWF352', dropIn(`<tcp dstportstart='«$P[@1]xyz»'/>`), {
    variables: [['P', '22']],
  }),
  one(
    '2.9: a mask follows the negation of its address',
    'NWF327',
    dropIn(`<all srcipaddr='10.0.0.1'/><all match='no' srcipmask='«24»'/>`),
  ),
  one('9: one chain with two priorities fails at run time', 'NWF318', '', {
    filters: [
      filter(`name='trap'`, `<filterref filter='early'/><filterref filter='late'/>`),
      filter(
        `name='early' chain='arp-6' priority='-900'`,
        rule(`action='drop' direction='in' priority='-950'`, '<arp/>'),
      ),
      filter(`name='late' chain='«arp-6»' priority='-100'`, dropIn('<arp/>')),
    ],
  }),
  one(
    '10: states with statematch off are dropped',
    'NWF330',
    rule(`action='accept' direction='in' statematch='0'`, `<tcp state='«NEW»'/>`),
  ),
  one('11: reject at the Ethernet layer is a drop', 'NWF316', rule(`action='«reject»' direction='in'`, '<mac/>')),
  one('11: continue breaks the IP layer', 'NWF332', rule(`action='«continue»' direction='in'`, '<tcp/>')),
  one('12: connlimit in an accept switches state matching off', 'NWF336', acceptIn(`<tcp connlimit-above='«3»'/>`)),
  one(
    '5.8: connlimit with inout counts one direction',
    'NWF337',
    rule(`action='drop' direction='inout'`, `<tcp connlimit-above='«3»'/>`),
  ),
  one(
    '5.6: the MAC address of inout is not matched from the guest',
    'NWF344',
    rule(`action='accept' direction='inout'`, `<tcp srcmacaddr='«1:2:3:4:5:6»' dstportstart='22'/>`),
  ),
  one(notSubstituted('comment'), 'NWF317', dropIn(`<tcp comment='«$X»'/>`), { variables: [['X', 'why']] }),
  one(notSubstituted('state'), 'NWF317', dropIn(`<tcp state='«$X»'/>`), { variables: [['X', 'NEW']] }),
  one(notSubstituted('flags'), 'NWF317', dropIn(`<tcp flags='«$X»'/>`), { variables: [['X', 'SYN']] }),
  one(notSubstituted('gratuitous'), 'NWF317', dropIn(`<arp gratuitous='«$X»'/>`), { variables: [['X', 'true']] }),
  one('14: a value that is no port is passed on to the tool', 'NWF319', dropIn(`<tcp dstportstart='$PORT'/>`), {
    inBinding: 'ssh',
    variables: [['PORT', 'ssh']],
  }),
  one('14: a value that is no address is passed on to the tool', 'NWF319', dropIn(`<ip srcipaddr='$IP'/>`), {
    inBinding: 'not.an.ip',
    variables: [['IP', 'not.an.ip']],
  }),
  one('2.2: an ICMPv6 type beside another protocol is matched', 'NWF358', dropIn(`<ipv6 protocol='tcp' type='«1»'/>`)),
  one('2.2: an ICMPv6 type without protocol is matched', 'NWF358', dropIn(`<ipv6 type='«1»'/>`)),
  one('2.2: an ICMPv6 type beside all but icmpv6', 'NWF358', dropIn(`<ipv6 match='no' protocol='icmpv6' type='«1»'/>`)),
  one('2.2: an ICMPv6 type beside a protocol nobody knows', 'NWF358', dropIn(`<ipv6 protocol='$P' type='«1»'/>`), {
    variables: [['P', '58']],
  }),
  one('14: a range that is empty for the values given', 'NWF353', dropIn(`<tcp dstportstart='90' dstportend='$P'/>`), {
    inBinding: '80',
    variables: [['P', '80']],
  }),
  one('1.1: text in a rule is skipped', 'NWF125', `<rule action='accept' direction='out'>«tcp»</rule>`),
  one('1.1: text in a filter is skipped', 'NWF125', filter(`name='trap'`, `«a remark»${dropIn('<arp/>')}`)),
  one('1.1: text in a protocol element is skipped', 'NWF125', dropIn(`<tcp dstportstart='22'>«ssh»</tcp>`)),
  ...[
    `<ip match='no' protocol='«17»'/><ip dstportstart='53'/>`,
    `<ipv6 match='no' protocol='«tcp»'/><ipv6 srcportstart='53'/>`,
    `<mac srcmacaddr='1:2:3:4:5:6' srcmacmask='«0:0:0:0:0:0»'/>`,
    `<mac match='no' dstmacaddr='1:2:3:4:5:6' dstmacmask='«0:0:0:0:0:0»'/>`,
    `<all match='no' srcipaddr='10.0.0.1' srcipmask='«0»'/>`,
    `<all-ipv6 match='no' dstipaddr='::1' dstipmask='«0»'/>`,
    `<vlan vlanid='«4095»'/>`,
    `<tcp option='«0»'/>`,
  ].map((elements) => one('14: a command that the tool refuses', 'NWF362', dropIn(elements))),
  one('1.6: a name is not escaped', 'NWF342', filter(`name='«a&amp;b»'`, dropIn('<arp/>'))),
]

/** The traps that are what the language means. */
export const keptTraps: readonly TrapCase[] = [
  one('1.5: a referenced filter need not exist', 'NWF201', '', {
    strict: 'kept',
    filters: [ARP, filter(`name='unused'`, `<filterref filter='«nowhere»'/>`)],
  }),
  one('7.1: the IP address alone is learned', 'NWF309', dropIn(`<ip srcipaddr='$IP'/>`), {
    strict: 'kept',
    inBinding: 'trap',
    variables: [['CTRL_IP_LEARNING', 'any']],
  }),
  one('20: a filter with IP-layer rules only leaves the rest open', 'NWF343', dropIn('<tcp/>'), {
    strict: 'kept',
    inBinding: 'trap',
  }),
  one('3.5: a parameter that no rule reads is accepted', 'NWF304', dropIn('<arp/>'), {
    strict: 'kept',
    inBinding: 'IPP',
    variables: [['IPP', '10.0.0.1']],
  }),
  one('10: a state list makes no reply rule', 'NWF355', acceptIn(`<tcp state='«NEW»'/>`), { strict: 'kept' }),
  one('5.9: an ICMP type makes no reply rule', 'NWF356', acceptIn(`<icmp type='«8»'/>`), { strict: 'kept' }),
  one('5.5: a comment of the Ethernet layer is not installed', 'NWF359', dropIn(`<mac comment='«why»'/>`), {
    strict: 'kept',
  }),
]
