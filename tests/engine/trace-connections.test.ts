import { describe, expect, test } from 'vitest'
import type { TraceFrame } from '#engine'
import { OUTSIDE } from '../support/lab-host.ts'
import { statesOf, traceOver, verdictsOver } from '../support/trace-over.ts'
import { type PacketWords, packetIn, packetOut, patch, quoteOf, withIpSum } from '../support/trace-packets.ts'

/** Tracks both IP versions and lets everything pass. */
const TRACKING = [
  `<rule action='accept' direction='inout'><all state='NEW,ESTABLISHED,RELATED,INVALID'/></rule>`,
  `<rule action='accept' direction='inout'><all-ipv6 state='NEW,ESTABLISHED,RELATED,INVALID'/></rule>`,
].join('')
const states = (...frames: readonly TraceFrame[]) => statesOf(traceOver(TRACKING, frames))
const [NEW, ESTABLISHED, ANSWER] = ['NEW original', 'ESTABLISHED original', 'ESTABLISHED reply']
const [UDP, ICMP, ICMPV6, SCTP, UDPLITE, ESP, GRE] = [17, 1, 58, 132, 136, 50, 47]
/** What the outside answers: its ports are the other way round. */
const answer = (words: PacketWords) => packetIn({ ...words, srcPort: 80, dstPort: 40000 })

describe('connections of datagrams', () => {
  test('new until an answer was seen, established for both sides from then on', () => {
    const [question, told] = [packetOut({ protocol: UDP }), answer({ protocol: UDP })]
    expect(states(question, question, told, question, told)).toEqual([NEW, NEW, ANSWER, ESTABLISHED, ANSWER])
    expect(states(packetOut({ protocol: UDP, srcPort: 40001 }), told)).toEqual([NEW, NEW])
  })

  test('a connection whose first packet was dropped is forgotten', () => {
    const rules = `<rule action='drop' direction='out'><udp state='NEW' dstportstart='80'/></rule>`
    const frames = [packetOut({ protocol: UDP }), answer({ protocol: UDP })]
    expect(statesOf(traceOver(`${rules}${TRACKING}`, frames))).toEqual([NEW, NEW])
    const ethernet = `<rule action='drop' direction='in'><ip protocol='udp' dstportstart='40000'/></rule>`
    const inwards = [answer({ protocol: UDP }), packetOut({ protocol: UDP })]
    expect(statesOf(traceOver(`${ethernet}${TRACKING}`, inwards))).toEqual([NEW, NEW])
  })

  test('an answer counts even where it is dropped', () => {
    const rules = `<rule action='drop' direction='in'><udp state='ESTABLISHED'/></rule>${TRACKING}`
    const [question, told] = [packetOut({ protocol: UDP }), answer({ protocol: UDP })]
    expect(statesOf(traceOver(rules, [question, told, question]))).toEqual([NEW, ANSWER, ESTABLISHED])
  })

  test('other protocols are told apart by addresses alone', () => {
    const question = packetOut({ protocol: ESP })
    expect(states(question, packetIn({ protocol: ESP }), question)).toEqual([NEW, ANSWER, ESTABLISHED])
    expect(states(packetOut({ v6: true, protocol: ESP }), packetIn({ v6: true, protocol: ESP }))).toEqual([NEW, ANSWER])
  })

  test('GRE of PPTP has a call in one direction, any other has none', () => {
    const gre = (rest: readonly number[], data: readonly number[]) => ({ protocol: GRE, rest, data })
    const plain = gre([0, 0, 8, 0], Array(8).fill(0))
    expect(states(packetOut(plain), packetIn(plain), packetOut(plain))).toEqual([NEW, ANSWER, ESTABLISHED])
    const call = gre([0x20, 1, 0x88, 0x0b], [0, 0, 0, 7])
    expect(states(packetOut(call), packetIn(call))).toEqual([NEW, NEW])
    expect(states(packetOut(gre([0x20, 1, 0x88, 0x0c], [0, 0, 0, 7])))).toEqual(['INVALID'])
    expect(states(packetOut(gre([0x20, 1, 0x88, 0x0b], [])))).toEqual([NEW])
  })

  test.each([
    ['a wrong checksum', patch(packetOut({ protocol: UDP, data: [1] }), 42, '02'), 'INVALID'],
    ['no checksum', patch(packetOut({ protocol: UDP }), 40, '0000'), NEW],
    ['a length beyond the packet', patch(packetOut({ protocol: UDP }), 38, '00ff'), 'INVALID'],
    ['a length that is too short', patch(packetOut({ protocol: UDP }), 38, '0007'), 'INVALID'],
    // The kernel takes the pseudo header of UDP for that of UDP-Lite.
    ['UDP-Lite with a right checksum', packetOut({ protocol: UDPLITE }), 'INVALID'],
    ['UDP-Lite without a checksum', patch(packetOut({ protocol: UDPLITE }), 40, '0000'), 'INVALID'],
    ['UDP-Lite with too small a coverage', patch(packetOut({ protocol: UDPLITE }), 38, '0007'), 'INVALID'],
    ['a header of 4 bytes', withIpSum(patch(packetOut({ protocol: UDP }), 16, '0018')), 'INVALID'],
  ])('%s is %s', (_, frame, state) => {
    expect(states(frame)).toEqual([state])
  })

  test('UDP-Lite with the checksum of UDP is tracked', () => {
    // 136 and 17 differ by 119 in the pseudo header.
    const frame = packetOut({ protocol: UDPLITE })
    const sum = Number.parseInt(frame.hex.slice(80, 84), 16) + 119
    const told = (sum > 0xffff ? (sum & 0xffff) + 1 : sum).toString(16).padStart(4, '0')
    expect(states(patch(frame, 40, told))).toEqual([NEW])
  })
})

describe('ICMP', () => {
  const echo = { protocol: ICMP, rest: [0, 7, 0, 1] }

  test('requests begin a connection, and only their answers belong to it', () => {
    const [ping, pong] = [packetOut(echo), packetIn({ ...echo, type: 0 })]
    expect(states(ping, pong, ping)).toEqual([NEW, ANSWER, ESTABLISHED])
    expect(states(pong, packetIn({ ...echo, type: 0, rest: [0, 8, 0, 1] }))).toEqual(['INVALID', 'INVALID'])
    for (const [asked, told] of [
      [13, 14],
      [15, 16],
      [17, 18],
    ])
      expect(states(packetOut({ ...echo, type: asked ?? 0 }), packetIn({ ...echo, type: told ?? 0 }))).toEqual([
        NEW,
        ANSWER,
      ])
  })

  test.each([10, 19, 200])('type %i begins none', (type) => {
    expect(states(packetOut({ protocol: ICMP, type }))).toEqual(['INVALID'])
  })

  test('an error belongs to what it quotes, and has to go to its sender', () => {
    const error = (words: PacketWords, quoted: readonly number[]) =>
      packetIn({ protocol: ICMP, type: 3, code: 3, rest: [0, 0, 0, 0], data: quoted, ...words })
    const quoted = quoteOf('out', {})
    expect(states(packetOut({}), error({}, quoted))).toEqual([NEW, 'RELATED reply'])
    expect(states(packetOut({}), error({ dst: '192.0.2.99' }, quoted))).toEqual([NEW, 'INVALID'])
    expect(states(error({}, quoted))).toEqual(['INVALID'])
    expect(states(packetOut({}), error({}, quoted.slice(0, 22)))).toEqual([NEW, 'INVALID'])
    expect(states(packetOut(echo), error({ type: 11 }, quoteOf('out', echo)))).toEqual([NEW, 'RELATED reply'])
    // About a later fragment, or an answer that nobody asked for, nothing is known.
    expect(states(packetOut({}), error({}, quoted.with(7, 1)))).toEqual([NEW, 'INVALID'])
    expect(states(packetOut({}), error({}, quoted.with(0, 0x4f)))).toEqual([NEW, 'INVALID'])
    expect(states(error({}, quoteOf('out', { ...echo, type: 5 })))).toEqual(['INVALID'])
    const about = packetOut({ protocol: ICMP, type: 3, data: quoteOf('in', { srcPort: 80, dstPort: 40000 }) })
    expect(states(packetOut({}), answer({ flags: 'SYN ACK', acknowledged: 2 }), about)[2]).toBe('RELATED original')
  })

  test('neighbour discovery has no connection, and none of its states', () => {
    const solicitation = packetOut({ v6: true, protocol: ICMPV6, type: 135, data: Array(16).fill(0) })
    expect(states(solicitation)).toEqual(['UNTRACKED'])
    const rules = `<rule action='drop' direction='out'><icmpv6 state='NEW,ESTABLISHED,RELATED,INVALID'/></rule>`
    expect(verdictsOver(rules, solicitation)).toEqual(['accept'])
  })

  test('ICMPv6 echoes, and errors that quote', () => {
    const echo6 = { v6: true, protocol: ICMPV6 }
    expect(states(packetOut(echo6), packetIn({ ...echo6, type: 129 }))).toEqual([NEW, ANSWER])
    expect(states(packetOut({ ...echo6, type: 200 }))).toEqual(['INVALID'])
    const error = packetIn({ ...echo6, type: 1, rest: [0, 0, 0, 0], data: quoteOf('out', { v6: true }, 60) })
    expect(states(packetOut({ v6: true }), error)).toEqual([NEW, 'RELATED reply'])
    expect(states(patch(error, 80, 'ffff'))).toEqual(['INVALID'])
  })

  test('a redirect belongs to the packet it carries, if it comes from a neighbour', () => {
    const data = [...Array(32).fill(0), 4, 8, 0, 0, 0, 0, 0, 0, ...quoteOf('out', { v6: true }, 60)]
    const redirect = { v6: true, protocol: ICMPV6, type: 137, src: 'fe80::1', ttl: 255, data }
    const about = (words: PacketWords) => states(packetOut({ v6: true }), packetIn({ ...redirect, ...words }))[1]
    expect(about({})).toBe('RELATED reply')
    expect(about({ ttl: 64 })).toBe('INVALID')
    expect(about({ src: OUTSIDE.ip6 })).toBe('INVALID')
    expect(about({ code: 1 })).toBe('INVALID')
    expect(about({ data: data.slice(0, 32) })).toBe('INVALID')
    expect(about({ data: data.slice(0, 20) })).toBe('INVALID')
    expect(about({ data: data.with(33, 0) })).toBe('INVALID')
    expect(about({ data: data.with(32, 2) })).toBe('INVALID')
  })

  test('the other version has no ICMP of this one, and a message is whole and adds up', () => {
    expect(states(packetOut({ protocol: ICMPV6, type: 128 }), packetOut({ v6: true, protocol: ICMP }))).toEqual([
      'INVALID',
      'INVALID',
    ])
    expect(states(patch(packetOut(echo), 36, 'ffff'))).toEqual(['INVALID'])
  })
})

describe('SCTP', () => {
  const tag = (value: number) => [0, 0, 0, value]
  const chunk = (type: number, of: number, words: PacketWords = {}) => ({
    protocol: SCTP,
    type,
    rest: tag(of),
    ...words,
  })
  const init = packetOut(chunk(1, 0, { sequence: 5 }))
  const initAck = answer(chunk(2, 5, { sequence: 6 }))

  test('an association from INIT to SHUTDOWN COMPLETE', () => {
    const frames = [
      init,
      initAck,
      packetOut(chunk(10, 6, { data: [1, 2, 3, 4] })),
      answer(chunk(11, 5)),
      packetOut(chunk(0, 6, { data: [1] })),
      packetOut(chunk(7, 6)),
      answer(chunk(8, 5)),
      packetOut(chunk(14, 6)),
    ]
    expect(states(...frames)).toEqual([NEW, ANSWER, ...[1, 0, 1, 1, 0, 1].map((own) => (own ? ESTABLISHED : ANSWER))])
  })

  test.each([
    ['an INIT with a tag', packetOut(chunk(1, 3, { sequence: 5 }))],
    ['data', packetOut(chunk(0, 3))],
    ['an ABORT', packetOut(chunk(6, 3))],
    ['a COOKIE ACK', packetOut(chunk(11, 3))],
    ['an INIT that is cut off', packetOut(chunk(1, 0, { protocol: SCTP, flags: '' }))],
    ['an INIT ACK with a tag', packetOut(chunk(2, 3, { sequence: 5 }))],
    ['a wrong checksum', patch(init, 42, 'ffff')],
    ['a chunk without a length', patch(packetOut(chunk(4, 3)), 48, '0000')],
  ] as const)('nothing begins with %s', (what, frame) => {
    expect(states(frame)).toEqual(what === 'an INIT that is cut off' ? [NEW] : ['INVALID'])
  })

  test('what begins with a HEARTBEAT or a SHUTDOWN ACK is no whole association', () => {
    const [beat, beaten] = [packetOut(chunk(4, 9)), answer(chunk(5, 3))]
    expect(states(beat, beaten, beat, packetOut(chunk(0, 9)))).toEqual([NEW, ANSWER, ESTABLISHED, ESTABLISHED])
    expect(states(packetOut(chunk(8, 9)), answer(chunk(14, 9)))).toEqual([NEW, ANSWER])
    expect(states(packetOut(chunk(4, 9)), answer(chunk(1, 0)))).toEqual([NEW, 'INVALID'])
  })

  test('the tag has to be the one that was chosen', () => {
    const behind = (frame: TraceFrame) => states(init, initAck, frame)[2]
    expect(behind(packetOut(chunk(0, 7)))).toBe('INVALID')
    expect(behind(packetOut(chunk(10, 7, { data: [1, 2, 3, 4] })))).toBe('INVALID')
    expect(behind(packetOut(chunk(6, 7)))).toBe('INVALID')
    // With the T bit the tag is the other side's.
    expect(behind(packetOut(chunk(6, 5, { code: 1 })))).toBe(ESTABLISHED)
    const settled = [packetOut(chunk(10, 6, { data: [1, 2, 3, 4] })), answer(chunk(11, 5))]
    expect(behind(answer(chunk(2, 5, { sequence: 8 })))).toBe(ANSWER)
    expect(states(init, initAck, ...settled, answer(chunk(2, 5, { sequence: 8 })))[4]).toBe('INVALID')
    expect(behind(packetOut(chunk(1, 0, { sequence: 5 })))).toBe(ESTABLISHED)
    expect(behind(packetOut(chunk(1, 4, { sequence: 5 })))).toBe('INVALID')
  })

  test('a heartbeat by another way is forgiven once, and its answer changes the tags', () => {
    const behind = (...frames: readonly TraceFrame[]) => states(init, initAck, ...frames).slice(2)
    expect(behind(packetOut(chunk(4, 6)), packetOut(chunk(5, 6)))).toEqual([ESTABLISHED, ESTABLISHED])
    expect(behind(packetOut(chunk(4, 9)), answer(chunk(5, 8)))).toEqual([ESTABLISHED, ANSWER])
    expect(behind(packetOut(chunk(5, 9)))).toEqual(['INVALID'])
    expect(behind(packetOut(chunk(4, 9)), packetOut(chunk(5, 9)))).toEqual([ESTABLISHED, 'INVALID'])
  })

  test('both sides may begin', () => {
    const begun = [init, answer(chunk(1, 0, { sequence: 6 }))]
    expect(states(...begun, packetOut(chunk(2, 6, { sequence: 5 })))).toEqual([NEW, ANSWER, ESTABLISHED])
    expect(states(...begun, packetOut(chunk(2, 6, { sequence: 9 })))).toEqual([NEW, ANSWER, 'INVALID'])
    expect(states(...begun, packetOut(chunk(1, 0, { sequence: 7 })))).toEqual([NEW, ANSWER, ESTABLISHED])
  })
})

describe('limits of connections', () => {
  const limit = (most: number, more = '') =>
    `<rule action='drop' direction='out'><udp connlimit-above='${most}' ${more}/></rule>`
  const to = (srcPort: number, words: PacketWords = {}) => packetOut({ protocol: UDP, srcPort, ...words })

  test('those of one source count together, and one that was dropped does not count', () => {
    expect(verdictsOver(limit(2), to(1), to(2), to(3), to(4), to(1), to(3, { src: '192.0.2.99' }))).toEqual([
      'accept',
      'accept',
      'drop',
      'drop',
      // The dropped one stands behind it and is not looked at.
      'drop',
      'accept',
    ])
  })

  test('negated it counts too few', () => {
    expect(verdictsOver(limit(1, "match='no'"), to(1), to(2))).toEqual(['drop', 'drop'])
  })

  test('connections that are closed are gone, and the last of them drops its own packets', () => {
    const tcp = (flags: string, words: PacketWords = {}) => packetOut({ flags, srcPort: 9, ...words })
    const opened = [
      tcp('SYN'),
      packetIn({ flags: 'SYN ACK', srcPort: 80, dstPort: 9, acknowledged: 2 }),
      tcp('ACK', { sequence: 2, acknowledged: 2 }),
    ]
    const reset = tcp('RST', { sequence: 2, acknowledged: 2 })
    const rules = `<rule action='reject' direction='out'><tcp connlimit-above='1'/></rule>`
    expect(verdictsOver(rules, ...opened, reset)).toEqual(['accept', 'accept', 'accept', 'drop'])
    const other = packetOut({ srcPort: 10 })
    expect(verdictsOver(rules, ...opened, other, reset, other)).toEqual([
      ...Array(3).fill('accept'),
      'reject',
      'drop',
      'accept',
    ])
  })

  test('a packet without a connection counts by itself, and one that shows no tuple is dropped', () => {
    const rules = `<rule action='reject' direction='out'><all connlimit-above='1'/></rule>`
    const lonely = packetOut({ flags: 'RST' })
    expect(verdictsOver(rules, lonely, lonely, packetOut({ flags: 'RST', srcPort: 3 }))).toEqual(
      Array(3).fill('accept'),
    )
    const sixth = `<rule action='reject' direction='out'><all-ipv6 connlimit-above='1'/></rule>`
    expect(verdictsOver(sixth, packetOut({ v6: true, protocol: 59 }))).toEqual(['drop'])
  })
})
