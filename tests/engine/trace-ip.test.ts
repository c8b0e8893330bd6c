import { describe, expect, test } from 'vitest'
import { traceOver, verdictsOver } from '../support/trace-over.ts'
import { cut, packetIn, packetOut, packetsOut, patch, withIpSum } from '../support/trace-packets.ts'

const rule = (action: string, direction: string, element: string, more = '') =>
  `<rule action='${action}' direction='${direction}' ${more}>${element}</rule>`
const drop = (element: string) => rule('drop', 'out', element)
/** Whether a rule that drops takes what leaves the guest. */
const matches = (element: string, frame: ReturnType<typeof packetOut>) =>
  verdictsOver(drop(element), frame)[0] === 'drop'
const UDP = 17

describe('the two layers', () => {
  const both = `${rule('accept', 'out', '<mac/>', "priority='-1'")}${rule('reject', 'inout', '<tcp/>')}`

  test('what the Ethernet layer accepts still has to pass the IP layer, in both directions', () => {
    const inwards = `${rule('reject', 'in', '<tcp/>')}${rule('drop', 'in', '<mac/>')}`
    expect(verdictsOver(both, packetOut({}), packetOut({ protocol: UDP }))).toEqual(['reject', 'accept'])
    expect(verdictsOver(inwards, packetIn({}), packetIn({ protocol: UDP }))).toEqual(['reject', 'drop'])
  })

  test('the last rule that decided is told', () => {
    const [tcp, udp] = traceOver(both, [packetOut({}), packetOut({ protocol: UDP })])
    expect([tcp?.by?.text, udp?.by?.text]).toEqual(['f 2', 'f 1'])
    const returned = `${rule('drop', 'out', `<mac srcmacaddr='1:2:3:4:5:6'/>`)}${rule('return', 'inout', '<udp/>')}`
    expect(traceOver(returned, [packetOut({ protocol: UDP }), packetIn({ protocol: UDP })])[0]?.by?.text).toBe('f 2')
    const inwards = `${rule('accept', 'in', '<all/>', "statematch='0'")}${rule('drop', 'out', '<mac/>')}`
    expect(traceOver(inwards, [packetIn({})])[0]?.by?.text).toBe('f 1')
  })

  test('a frame with a tag never gets to the IP layer, nor does another protocol', () => {
    const none = rule('drop', 'inout', '<all/>')
    expect(verdictsOver(none, packetOut({ tag: 5 }), packetOut({ v6: true }), packetOut({}))).toEqual([
      'accept',
      'accept',
      'drop',
    ])
  })

  test('continue has no target at the IP layer', () => {
    expect(verdictsOver(rule('continue', 'out', '<tcp/>'), packetOut({}))).toEqual(['not-modelled'])
  })

  test.each([
    ['a wrong checksum', patch(packetOut({}), 24, '0001')],
    ['a version that it is not', patch(packetOut({}), 14, '65')],
    ['a header that is too short', patch(packetOut({}), 14, '44')],
    ['a length beyond the frame', cut(packetOut({}), 50)],
    ['an IPv6 packet of another version', patch(packetOut({ v6: true }), 14, '45')],
    ['an IPv6 packet that is cut off', cut(packetOut({ v6: true }), 60)],
    ['options that do not fill their header', patch(packetOut({ v6: true, extensions: [0] }), 57, '05')],
    ['a jumbo payload', patch(packetOut({ v6: true, extensions: [0] }), 56, 'c2')],
    ['options that end behind the packet', patch(packetOut({ v6: true, extensions: [0] }), 55, 'ff')],
    ['options that are cut off', cut(packetOut({ v6: true, extensions: [0] }), 60)],
  ])('br_netfilter drops %s', (_, frame) => {
    const rules = `${rule('accept', 'out', '<all/>', "statematch='0'")}${rule('accept', 'out', '<all-ipv6/>', "statematch='0'")}`
    const [verdict] = traceOver(rules, [frame])
    expect(verdict).toMatchObject({ verdict: 'drop', by: null })
  })

  test('padding is cut off before the IP layer, and options of zero bytes are fine', () => {
    const padded = patch(packetOut({ v6: true, extensions: [0], protocol: UDP }), 56, '000000000000')
    expect(verdictsOver(drop(`<udp-ipv6 dstportstart='80'/>`), padded)).toEqual(['drop'])
    const short = withIpSum(patch(packetOut({ protocol: UDP }), 16, '0014'))
    expect(verdictsOver(drop('<udp/>'), short)).toEqual(['drop'])
    expect(verdictsOver(drop(`<udp dstportstart='80'/>`), short)).toEqual(['accept'])
  })
})

describe('what the matches of iptables compare', () => {
  test.each([
    ['<all/>', true],
    ['<udp/>', false],
    [`<tcp srcmacaddr='52:54:00:00:00:10'/>`, true],
    [`<tcp match='no' srcmacaddr='52:54:00:00:00:10'/>`, false],
    [`<tcp srcipaddr='192.0.2.99' srcipmask='24' dstipaddr='192.0.2.1'/>`, true],
    [`<tcp match='no' dstipaddr='192.0.2.1'/>`, false],
    [`<tcp srcipfrom='192.0.2.9' srcipto='192.0.2.11'/>`, true],
    [`<tcp srcipfrom='192.0.2.10'/>`, true],
    [`<tcp match='no' dstipfrom='192.0.2.9' dstipto='192.0.2.11'/>`, true],
    [`<tcp dscp='10'/>`, true],
    [`<tcp match='no' dscp='10'/>`, false],
    [`<tcp srcportstart='40000' dstportstart='79' dstportend='80'/>`, true],
    [`<tcp dstportstart='81'/>`, false],
    [`<tcp flags='SYN,ACK/SYN'/>`, true],
    [`<tcp flags='ALL/SYN,ACK'/>`, false],
    [`<tcp match='no' flags='SYN/NONE'/>`, true],
    [`<tcp option='2'/>`, true],
    [`<tcp match='no' option='2'/>`, false],
    [`<tcp option='3'/>`, false],
  ] as const)('a SYN with an option and %s: %s', (element, isMatched) => {
    expect(matches(element, packetOut({ tos: 0x2b, option: 2 }))).toBe(isMatched)
  })

  test('addresses and DSCP of IPv6', () => {
    const frame = packetOut({ v6: true, tos: 0x2b })
    for (const [element, isMatched] of [
      [`<all-ipv6 srcipaddr='2001:db8::' srcipmask='64'/>`, true],
      [`<all-ipv6 match='no' dstipaddr='2001:db8::1'/>`, false],
      [`<all-ipv6 srcipfrom='2001:db8::9' srcipto='2001:db8::11'/>`, true],
      [`<all-ipv6 dscp='10'/>`, true],
    ] as const)
      expect(matches(element, frame), element).toBe(isMatched)
  })

  test('AH of IPv6 is a protocol, other headers are not', () => {
    const frame = packetOut({ v6: true, extensions: [0, 43, 51], protocol: UDP })
    expect(['ah-ipv6', 'udp-ipv6'].map((name) => matches(`<${name}/>`, frame))).toEqual([true, false])
    expect(matches('<udp-ipv6/>', packetOut({ v6: true, extensions: [0, 44, 60], protocol: UDP }))).toBe(true)
    expect(matches('<ah/>', packetOut({ protocol: 51 }))).toBe(true)
  })

  test.each([
    [`<icmp type='8'/>`, true],
    [`<icmp type='8' code='0'/>`, true],
    [`<icmp type='8' code='1'/>`, false],
    [`<icmp match='no' type='8' code='1'/>`, true],
    [`<icmp type='255' code='9'/>`, true],
    [`<icmp match='no' type='255'/>`, false],
  ] as const)('an echo request and %s: %s', (element, isMatched) => {
    const rules = rule('drop', 'out', element)
    const frame = packetOut({ protocol: 1 })
    expect(verdictsOver(rules, frame)).toEqual([isMatched ? 'drop' : 'accept'])
  })

  test('ICMPv6 has no type that stands for all', () => {
    expect(matches(`<icmpv6 type='255'/>`, packetOut({ v6: true, protocol: 58 }))).toBe(false)
    expect(matches(`<icmpv6 type='128'/>`, packetOut({ v6: true, protocol: 58 }))).toBe(true)
  })

  test('a set of the host is not known, and neither is what stands behind it', () => {
    const rules = rule('drop', 'out', `<all srcipaddr='192.0.2.10' ipset='known' ipsetflags='src'/>`)
    expect(verdictsOver(rules, packetOut({}), packetOut({ src: '192.0.2.11' }))).toEqual(['not-modelled', 'accept'])
  })

  test('what follows in a connection is not known where one of its packets was not', () => {
    const rules = `${rule('accept', 'out', `<tcp ipset='known' ipsetflags='dst'/>`.replace('tcp', 'all'))}${rule('drop', 'inout', '<all/>')}`
    const syn = packetOut({ srcPort: 1000 })
    const answer = packetIn({ srcPort: 80, dstPort: 1000, flags: 'SYN ACK', acknowledged: 2 })
    const other = packetIn({ srcPort: 80, dstPort: 1001, flags: 'SYN ACK', acknowledged: 2 })
    expect(verdictsOver(rules, syn, answer, other)).toEqual(['not-modelled', 'not-modelled', 'drop'])
  })

  test('SCTP ports are those of its module, which drops a header that is cut off', () => {
    const rules = rule('reject', 'out', `<sctp dstportstart='80'/>`)
    const whole = packetOut({ protocol: 132 })
    const short = patch(whole, 16, '001c')
    expect(verdictsOver(rules, whole)).toEqual(['reject'])
    expect(verdictsOver(rules, withIpSum(short))).toEqual(['drop'])
  })
})

describe('fragments that nobody puts together', () => {
  const pieces = { data: Array(24).fill(0), cut: { at: [1, 3], sent: 'all' } } as const
  const without = (element: string) => rule('drop', 'out', element)

  test('iptables compares ports with whatever stands where they would be', () => {
    const [first, second] = packetsOut({ ...pieces, dstPort: 80, sequence: 0x00000016, acknowledged: 22 })
    if (first === undefined || second === undefined) throw new Error('fragments')
    // The second fragment begins with the acknowledgement number.
    expect(verdictsOver(without(`<tcp dstportstart='22'/>`), first, second)).toEqual(['accept', 'drop'])
    expect(verdictsOver(without(`<tcp match='no' srcportstart='40000'/>`), first, second)).toEqual(['accept', 'drop'])
  })

  test('in IPv6 it compares them with the beginning of the packet', () => {
    const [, second] = packetsOut({ ...pieces, v6: true, tos: 0x12 })
    if (second === undefined) throw new Error('fragments')
    expect(verdictsOver(without(`<tcp-ipv6 srcportstart='${0x6120}'/>`), second)).toEqual(['drop'])
  })

  test('a module looks at the first fragment, and drops one that would overwrite TCP flags', () => {
    const frames = packetsOut({ ...pieces, option: 2 })
    expect(verdictsOver(without(`<tcp option='2'/>`), ...frames)).toEqual(['drop', 'drop', 'accept'])
    expect(verdictsOver(rule('reject', 'out', `<tcp option='2'/>`), ...frames)).toEqual(['drop', 'drop', 'accept'])
    expect(verdictsOver(without(`<icmp match='no' type='9'/>`), ...packetsOut({ ...pieces, protocol: 1 }))).toEqual([
      'drop',
      'accept',
      'accept',
    ])
    const all = `<tcp dstportstart='0' dstportend='65535'/>`
    expect(verdictsOver(rule('reject', 'out', all), ...frames)).toEqual(['drop', 'drop', 'accept'])
    const udp = packetsOut({ ...pieces, protocol: UDP })
    const everyPort = `<udp dstportstart='0' dstportend='65535'/>`
    expect(verdictsOver(rule('reject', 'out', everyPort), ...udp)).toEqual(['reject', 'accept', 'accept'])
  })

  test('a later fragment whose header is an extension has no protocol', () => {
    const [, later] = packetsOut({ v6: true, protocol: 51, cut: { at: [1], sent: 'all' } })
    if (later === undefined) throw new Error('fragments')
    expect(verdictsOver(without('<ah-ipv6/>'), later)).toEqual(['accept'])
    expect(verdictsOver(without('<all-ipv6/>'), later)).toEqual(['drop'])
  })

  test('options are walked through by their lengths', () => {
    const frame = packetOut({ option: 9 })
    expect(verdictsOver(rule('drop', 'out', `<tcp option='9'/>`), frame)).toEqual(['drop'])
    // A length of 0 is one byte, and a header that says it is shorter than it can be, or longer than it is, is dropped.
    const odd = patch(frame, 54, '09000000')
    expect(verdictsOver(rule('drop', 'out', `<tcp match='no' option='8'/>`), odd)).toEqual(['drop'])
    expect(verdictsOver(rule('reject', 'out', `<tcp option='9'/>`), patch(frame, 46, '40'))).toEqual(['drop'])
    expect(verdictsOver(rule('reject', 'out', `<tcp option='9'/>`), patch(frame, 46, 'f0'))).toEqual(['drop'])
  })
})

describe('what iptables 1.8.9 makes of ports and flags', () => {
  const overEbiptables = (element: string, dstPort: number, srcPort = 40000) => {
    // The rules mean what they say, so the two models differ here on purpose.
    try {
      verdictsOver(drop(element), packetOut({ dstPort, srcPort }))
      return 'same'
    } catch (error) {
      return /over rules.*"verdict":"(\w+)"/.exec(String(error))?.[1]
    }
  }

  test('two negated ports are one condition: both have to be met to match no more', () => {
    const element = `<tcp match='no' srcportstart='40000' dstportstart='80'/>`
    expect(overEbiptables(element, 80)).toBe('same')
    expect(overEbiptables(element, 81)).toBe('drop')
    expect(overEbiptables(element, 81, 40001)).toBe('same')
    expect(overEbiptables(`<tcp match='no' srcportstart='40000' dstportstart='80' dstportend='81'/>`, 82)).toBe('same')
    expect(overEbiptables(`<tcp match='no' srcportstart='40000' dstportstart='80' option='2'/>`, 81)).toBe('same')
  })

  test('flags under no mask, and every port negated, ask for nothing', () => {
    expect(overEbiptables(`<tcp flags='NONE/SYN'/>`, 80)).toBe('drop')
    expect(overEbiptables(`<tcp match='no' flags='NONE/NONE'/>`, 80)).toBe('drop')
    expect(overEbiptables(`<tcp match='no' srcportstart='0' srcportend='65535'/>`, 80)).toBe('drop')
  })
})
