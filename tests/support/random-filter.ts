import type { OracleCase } from './oracle.ts'
import type { Random } from './random.ts'

const MACS = [
  '52:54:00:aa:bb:cc',
  '1:2:3:4:5:6',
  'FF:ff:FF:ff:ff:ff',
  'a:b:c:d:e',
  '01-02-03-04-05-06',
  '01:02:03:04:05:06 zz',
  '1:2:3:4:5:ffx',
]
const MAC_MASKS = ['ff:ff:ff:00:00:00', 'ff:ff:ff:ff:ff:ff', 'fe:0:0:0:0:0', 'ff:00:ff:00:00:00', '0:0:0:0:0:0']
const IPV4 = [
  '10.1.2.3',
  '0.0.0.0',
  '224.0.0.0',
  '10.1',
  '64',
  '0x0a.1',
  '010.1.1.1',
  '::ffff:1.2.3.4',
  '1.2.3.256',
  '1.2.3.4.5',
  '',
  ' 1.2.3.4',
  '1.2.3.4 ',
]
const MASKS4 = [
  '0',
  '8',
  '32',
  '33',
  '255.255.255.0',
  '255.0.255.0',
  ' 24',
  '+7',
  '-0',
  '0x18',
  '024',
  '4294967040',
  '',
]
const IPV6 = [
  '::',
  '::1',
  'fe80::1',
  '2001:db8::1',
  '::ffff:10.1.2.3',
  '::10.1.2.3',
  'A:B:c:0:0:D::',
  'a:b:c',
  '1::2::3',
  '1:2:3:4:5:6:7:8',
  '1:2:3:4:5:6:7::',
  '0:0:1:0:0:0:1:0',
  '::0.0.0.9',
  '::01.2.3.4',
]
const MASKS6 = [
  '0',
  '10',
  '64',
  '128',
  '129',
  'ffff::',
  'ff:00::ff',
  'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff',
  '-0',
  '',
]
const NUMBERS = [
  '0',
  '1',
  '5',
  '17',
  '63',
  '64',
  '255',
  '256',
  '4095',
  '4096',
  '65535',
  '65536',
  '0x1f',
  '1f',
  '0xffff',
  '0X10',
  '4294967295',
  '4294967296',
  '-1',
  '-0',
  '+3',
  ' 7',
  '7 ',
  '',
  '0x',
  'zz',
  '-f',
  '0x600',
  '1535',
  '0x3c',
  '59',
  '08',
  '1e3',
  '99999999999999999999999',
]
const ETHERTYPES = ['arp', 'ARP', 'rarp', 'ipv4', 'ipv6', 'vlan', '0x800', '2048', '0x806', '0x8100', 'bogus']
const IP_PROTOCOLS = [
  'tcp',
  'UDP',
  'udplite',
  'esp',
  'ah',
  'icmp',
  'igmp',
  'sctp',
  'icmpv6',
  '6',
  '0x11',
  '33',
  '132',
  '300',
  '$P',
]
const OPCODES = ['Request', 'reply', 'Request_Reverse', 'ARP_NAK', 'InARP_Request', '3', '0x3', '99', 'Foo']
const BOOLEANS = ['true', 'TRUE', 'yes', '1', 'on', 'false', '']
const COMMENTS = [
  'plain',
  "a&amp;b'c",
  'tab&#9;lf&#10;',
  '&lt;x&gt;&quot;',
  '',
  '$X',
  'ü€',
  ' '.repeat(3),
  'x'.repeat(300),
]
const VARIABLES = [
  '$IP',
  '$MAC',
  '$A',
  '$B',
  '$A[@1]',
  '$B[@1]',
  '$B[@2]',
  '$A[0]',
  '$A[ 1 ]',
  '$A[9]',
  '$A[@ 3 ]',
  '$B[@1]x',
  '$',
  '$A-B',
  '$A[',
  '$A[x]',
  '$A[@1001]',
  '$A[@1000]',
  '$A[-1]',
  '$A[+1]',
  '$A []',
  '$C',
  '$LONG',
  '$MISSING',
]

const RANGES = (names: string) => names.split(' ').map((name) => [name, NUMBERS] as const)
const MAC_COMMON = [
  ['srcmacaddr', MACS],
  ['srcmacmask', MAC_MASKS],
  ['dstmacaddr', MACS],
  ['dstmacmask', MAC_MASKS],
] as const
const IP_COMMON = (addresses: readonly string[], masks: readonly string[]) =>
  [
    ['srcipaddr', addresses],
    ['srcipmask', masks],
    ['dstipaddr', addresses],
    ['dstipmask', masks],
    ['protocol', IP_PROTOCOLS],
    ...RANGES('srcportstart srcportend dstportstart dstportend'),
  ] as const
const ARP = [
  ...MAC_COMMON,
  ...RANGES('hwtype protocoltype'),
  ['opcode', OPCODES],
  ['arpsrcmacaddr', MACS],
  ['arpdstmacaddr', MACS],
  ['arpsrcipaddr', IPV4],
  ['arpsrcipmask', MASKS4],
  ['arpdstipaddr', IPV4],
  ['arpdstipmask', MASKS4],
  ['gratuitous', BOOLEANS],
] as const
const PROTOCOLS: Readonly<Record<string, readonly (readonly [string, readonly string[]])[]>> = {
  mac: [...MAC_COMMON, ['protocolid', [...ETHERTYPES, ...NUMBERS]]],
  vlan: [...MAC_COMMON, ...RANGES('vlanid'), ['encap-protocol', [...ETHERTYPES, ...NUMBERS]]],
  stp: [
    ['srcmacaddr', MACS],
    ['srcmacmask', MAC_MASKS],
    ...RANGES(
      'type flags root-priority root-priority-hi root-cost root-cost-hi sender-priority sender-priority-hi port port-hi age age-hi max-age max-age-hi hello-time hello-time-hi forward-delay forward-delay-hi',
    ),
    ['root-address', MACS],
    ['root-address-mask', MAC_MASKS],
    ['sender-address', MACS],
    ['sender-address-mask', MAC_MASKS],
  ],
  arp: ARP,
  rarp: ARP,
  ip: [...MAC_COMMON, ...IP_COMMON(IPV4, MASKS4), ...RANGES('dscp')],
  ipv6: [...MAC_COMMON, ...IP_COMMON(IPV6, MASKS6), ...RANGES('dscp type typeend code codeend')],
}
const CHAINS = [
  'root',
  'mac',
  'mac-a',
  'vlan',
  'stp-1',
  'arp',
  'arp-6',
  'arpx',
  'rarp',
  'ipv4',
  'ipv4-ip',
  'ipv6:a',
  'ipv6',
  'rootx',
  'MAC',
  'ipv4-much-too-long',
  'tcp',
  'a b',
  '',
]
const PRIORITIES = [
  '-1000',
  '-800',
  '-500',
  '0',
  '5',
  '100',
  '500',
  '1000',
  '1001',
  '2000',
  '0x10',
  ' 5',
  '5 ',
  'x',
  '',
  '+7',
]

/** A random filter or include tree with the variables it is instantiated with: sensible values mostly, hostile ones often enough. */
export function randomCase(random: Random): OracleCase {
  const count = random.chance(0.3) ? 1 + random.below(4) : 1
  const hostile = random.chance(0.4) ? 0.25 : 0.02
  const filters = Array.from({ length: count }, (_, at) => randomFilter(random, at, count, at === 0 ? hostile : 0.02))
  const variables: [string, string][] = [['MAC', '52:54:00:aa:bb:cc']]
  for (const [name, values] of [
    ['IP', IPV4.slice(0, 3)],
    ['A', ['1.1.1.1', '2.2.2.2', '1.1.1.1']],
    ['B', ['80', '90', '80']],
    ['C', ['::1']],
    ['P', ['6']],
  ] as const) {
    const length = random.chance(0.85) ? 1 + random.below(3) : 0
    for (let at = 0; at < length; at += 1)
      variables.push([name, random.chance(0.7) ? (values[at % values.length] ?? '') : random.pick(values)])
  }
  if (random.chance(0.5))
    variables.push([
      'LONG',
      random.pick([
        '1'.repeat(15),
        '1'.repeat(16),
        '1'.repeat(17),
        '1'.repeat(18),
        '1'.repeat(20),
        '1'.repeat(21),
        '1'.repeat(45),
        '1'.repeat(46),
      ]),
    ])
  return { filters, variables }
}

function randomFilter(random: Random, at: number, count: number, hostile: number): string {
  const chain = random.chance(0.6)
    ? ` chain='${random.chance(hostile) ? random.pick(CHAINS) : random.pick(CHAINS.slice(0, 13))}'`
    : ''
  const priority = random.chance(0.4)
    ? ` priority='${random.chance(hostile) ? random.pick(PRIORITIES) : random.pick(PRIORITIES.slice(0, 8))}'`
    : ''
  const entries = Array.from({ length: random.below(6) }, () =>
    random.chance(0.25) && at < count - 1 ? randomReference(random, at, count) : randomRule(random, hostile),
  )
  return `<filter name='f${at}'${chain}${priority}>${random.chance(0.1) ? '<!-- c -->' : ''}${entries.join('\n')}</filter>`
}

/** References go to later filters only: what libvirt does with loops is asked elsewhere. */
function randomReference(random: Random, at: number, count: number): string {
  const parameters = Array.from(
    { length: random.below(3) },
    () =>
      `<parameter name='${random.pick(['A', 'B', 'IP', 'C', 'X-Y', ''])}' value='${random.pick(['1.1.1.1', '80', 'a/b', '::1', 'x_y', ''])}'/>`,
  )
  return `<filterref filter='f${at + 1 + random.below(count - at - 1)}'>${parameters.join('')}</filterref>`
}

function randomRule(random: Random, hostile: number): string {
  const action = random.chance(hostile)
    ? random.pick(['Accept', '', 'allow'])
    : random.pick(['accept', 'drop', 'reject', 'return', 'continue'])
  const direction = random.chance(hostile) ? random.pick(['IN', 'both', '']) : random.pick(['in', 'out', 'inout'])
  const priority = random.chance(0.6)
    ? ` priority='${random.chance(hostile) ? random.pick(PRIORITIES) : random.pick(PRIORITIES.slice(0, 8))}'`
    : ''
  const statematch = random.chance(0.1) ? ` statematch='${random.pick(['0', 'false', 'FALSE', 'no', '1'])}'` : ''
  const name = random.pick(Object.keys(PROTOCOLS))
  const elements = Array.from({ length: random.chance(0.2) ? random.below(3) : 1 }, () =>
    randomElement(
      random,
      random.chance(0.05) ? random.pick([...Object.keys(PROTOCOLS), 'none', 'bogus']) : name,
      hostile,
    ),
  )
  return `<rule action='${action}' direction='${direction}'${priority}${statematch}>${elements.join('')}</rule>`
}

function randomElement(random: Random, name: string, hostile: number): string {
  const table = PROTOCOLS[name] ?? []
  const amount = random.chance(0.1) ? table.length : random.below(Math.min(5, table.length + 1))
  const chosen = new Map(
    Array.from({ length: amount }, () => (table.length === 0 ? (['x', ['y']] as const) : random.pick(table))),
  )
  // Ports are refused without a protocol that has them: mostly give one.
  if ([...chosen.keys()].some((key) => key.includes('port') && name.startsWith('ip')) && random.chance(0.9))
    chosen.set('protocol', ['tcp', '17', '132'])
  const attributes = [...chosen].map(([key, values]) => `${key}='${randomValue(random, values, hostile)}'`)
  if (random.chance(0.3)) attributes.unshift(`match='${random.chance(0.9) ? 'no' : random.pick(['NO', 'yes'])}'`)
  if (random.chance(0.1)) attributes.push(`comment='${random.pick(COMMENTS)}'`)
  return `<${name} ${attributes.join(' ')}/>`
}

function randomValue(random: Random, values: readonly string[], hostile: number): string {
  if (random.chance(0.15)) return random.chance(hostile) ? random.pick(VARIABLES) : random.pick(VARIABLES.slice(0, 9))
  return random.chance(hostile) ? random.pick(values) : random.pick(values.slice(0, 3))
}
