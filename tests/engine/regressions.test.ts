import { expect, test } from 'vitest'
import { canonicalBinding, parseBinding } from '#engine'
import { compileLikeOracle, readOracleAnswer } from '../support/compile-like-oracle.ts'
import { askBindings, askOracle, type OracleCase, oracleMissing } from '../support/oracle.ts'

if (oracleMissing !== undefined) console.log(`skipped: libvirt's side of the regressions, because ${oracleMissing}`)

type Regression = {
  readonly what: string
  readonly rule: string
  readonly variables?: OracleCase['variables']
  /** The rule commands behind `-A`, or undefined where libvirt refuses. */
  readonly rules: readonly string[] | undefined
  /** A line of the canonical text. */
  readonly canonical?: string
}

const LONG = ['LONG', '1'.repeat(60)] as const
const rule = (head: string, elements: string) => `<rule ${head}>${elements}</rule>`

/** Where our compiler once differed from libvirt, each found by random filters. */
const REGRESSIONS: readonly Regression[] = [
  {
    what: 'a limit leaves the states of a drop alone',
    rule: rule(`action='drop' direction='in'`, `<tcp state='NEW' connlimit-above='1'/>`),
    rules: ['FP-vnet0 -p tcp -m conntrack --ctstate NEW -m connlimit --connlimit-above 1 -j DROP'],
  },
  {
    what: 'a limit takes the states of an accept away',
    rule: rule(`action='accept' direction='in'`, `<tcp state='NEW' connlimit-above='1'/>`),
    rules: ['FP-vnet0 -p tcp -m connlimit --connlimit-above 1 -j ACCEPT'],
  },
  {
    what: 'the flags that libvirt gives an ipset are not negated',
    rule: rule(`action='drop' direction='in'`, `<udplite match='no' ipset='friends'/>`),
    rules: undefined,
    canonical: `    <udplite ipsetflags='src'/>`,
  },
  {
    what: 'states need nothing between them',
    rule: rule(`action='drop' direction='in'`, `<tcp state='NEWINVALID'/>`),
    rules: ['FP-vnet0 -p tcp -m conntrack --ctstate NEW,INVALID -j DROP'],
    canonical: `    <tcp state='NEW,INVALID'/>`,
  },
  {
    what: 'a blank that C does not know separates no states',
    rule: rule(`action='drop' direction='in'`, `<tcp state='NEW\u00a0INVALID'/>`),
    rules: undefined,
  },
  {
    what: 'TCP flags need nothing between them',
    rule: rule(`action='drop' direction='in'`, `<tcp flags='SYNACK/SYN'/>`),
    rules: [
      'FJ-vnet0 -p tcp --tcp-flags SYN,ACK SYN -j DROP',
      'FP-vnet0 -p tcp --tcp-flags SYN,ACK SYN -j DROP',
      'HJ-vnet0 -p tcp --tcp-flags SYN,ACK SYN -j DROP',
    ],
  },
  {
    what: 'the type of an ICMP rule that becomes no command is not formatted',
    rule: rule(`action='drop' direction='inout'`, `<icmp type='$LONG'/>`),
    variables: [LONG],
    rules: [],
  },
  {
    what: 'the MAC address of an ICMP rule that becomes no command is formatted',
    rule: rule(`action='drop' direction='inout'`, `<icmp srcmacaddr='$LONG' type='8'/>`),
    variables: [LONG],
    rules: undefined,
  },
  {
    what: 'the broken set of an ICMP rule that becomes no command is not formatted',
    rule: rule(`action='accept' direction='inout'`, `<icmpv6 type='0' ipset='friends'/>`),
    rules: [],
  },
  {
    what: 'flags of an earlier element stay behind a variable',
    rule: rule(
      `action='drop' direction='in' statematch='0'`,
      `<tcp flags='SYN/ACK'/><tcp flags='$A' dstportstart='1'/>`,
    ),
    variables: [['A', '1']],
    rules: [
      'FJ-vnet0 -p tcp --tcp-flags SYN ACK --sport 1 -j DROP',
      'FP-vnet0 -p tcp --tcp-flags SYN ACK --dport 1 -j DROP',
      'HJ-vnet0 -p tcp --tcp-flags SYN ACK --sport 1 -j DROP',
    ],
  },
]

const cases: readonly OracleCase[] = REGRESSIONS.map((one) => ({
  filters: [`<filter name='f'>${one.rule}</filter>`],
  variables: one.variables ?? [],
}))
const answers = oracleMissing === undefined ? askOracle(cases) : []

test.each(REGRESSIONS.map((one, at) => [one.what, one, at] as const))('%s', (_what, { rules, canonical }, at) => {
  const one = cases[at]
  if (one === undefined) throw new Error('no case')
  const ours = compileLikeOracle(one)
  expect(ours.ok ? rulesOf(ours.commands) : undefined).toEqual(rules)
  if (canonical !== undefined) expect(ours.canonical[0]?.split('\n')).toContain(canonical)
  const answer = answers[at]
  if (answer !== undefined) expect(ours).toEqual(readOracleAnswer(answer))
})

test('an IP-layer rule that becomes no command brings the chains of its tool all the same', () => {
  const { commands } = compileLikeOracle({
    filters: [`<filter name='f'>${rule(`action='drop' direction='inout'`, `<icmp type='8'/>`)}</filter>`],
    variables: [],
  })
  expect(commands.map((command) => command.replaceAll('\u0001', ' '))).toContain('iptables -w -N FP-vnet0')
})

const OWNER = '<owner><name>v</name><uuid>d54df46f-1ab5-4a22-8618-4560ef5fac2c</uuid></owner>'
const PORT = `<portdev name='vnet0'/>`
const MAC = `<mac address='52:54:00:aa:bb:cc'/>`
const NAMED = `<filterref filter='x'/>`
const first = (name: string) => `<parameter name='${name}' value='1'/>`

/** Of parts that come twice libvirt takes the first attribute that there is, and the parameters of the first reference. */
const TWICE = [
  `${OWNER}<portdev/>${PORT}${MAC}${NAMED}`,
  `${OWNER}${PORT}<mac/>${MAC}${NAMED}`,
  `<owner/>${OWNER}${PORT}${MAC}${NAMED}`,
  `<owner><name>v</name></owner><owner><uuid>d54df46f-1ab5-4a22-8618-4560ef5fac2c</uuid></owner>${PORT}${MAC}${NAMED}`,
  `${OWNER}${PORT}<linkdev/><linkdev name='e'/>${MAC}${NAMED}`,
  `${OWNER}<portdev name=''/>${PORT}${MAC}${NAMED}`,
  `${OWNER}${PORT}${MAC}<filterref/>${NAMED}`,
  `${OWNER}${PORT}${MAC}<filterref>${first('A')}</filterref><filterref filter='x'>${first('B')}</filterref>`,
  `${OWNER}${PORT}${MAC}<filterref filter='a&amp;b'/>`,
].map((parts) => `<filterbinding>${parts}</filterbinding>`)

test.skipIf(oracleMissing !== undefined)('bindings with parts that come twice', () => {
  const theirs = askBindings(TWICE).map(({ canonical }) => canonical)
  const ours = TWICE.map((text) => parseBinding(text, 'binding:x').value).map(
    (binding) => binding && canonicalBinding(binding),
  )
  expect(ours).toEqual(theirs)
  expect(ours.filter((text) => text !== undefined)).toHaveLength(8)
})

/** What is appended to the chains of the device: not the links to them. */
function rulesOf(commands: readonly string[]): readonly string[] {
  return commands.flatMap((command) => {
    const text = command.replaceAll('\u0001', ' ')
    const appended = / -A ((?:[FH][JP]|[JP])-vnet0.*|libvirt-[JP]-vnet0.*)$/.exec(text)?.[1]
    return appended === undefined ? [] : [appended]
  })
}
