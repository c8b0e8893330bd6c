import { describe, expect, test } from 'vitest'
import {
  chain,
  DROP,
  early,
  type NftMatch,
  type NftStatement,
  type NftTable,
  rule,
  table,
  trace,
  verdicts,
  when,
} from '../support/nft-table.ts'
import { packetIn, packetOut, packetsIn, packetsOut, patch, withIpSum } from '../support/trace-packets.ts'

const MASK = 0xf00
const [UDP, SCTP] = [17, 132]

const state = (...states: string[]): NftMatch => ({ kind: 'ct-state', states })
const marked = (value: number, op: '==' | '!=' = '=='): NftMatch => ({ kind: 'mark', mask: MASK, op, values: [value] })
const setMark = (value: number, verdict?: 'accept' | 'return'): NftStatement => ({
  kind: 'set-mark',
  mask: MASK,
  value,
  verdict,
})

describe('marks', () => {
  const reject: NftStatement = { kind: 'reject', version: 'icmp' }

  test('set bits and leave the others, and lead to a rejection whose rule is told', () => {
    const bridge = early(
      rule([], { kind: 'set-mark', mask: 0xff, value: 0x12, verdict: undefined }),
      rule([when('th dport', '80')], setMark(0x300, 'accept'), 3),
      rule([], setMark(0x500, 'return'), 5),
    )
    const ip = table('ip', chain('forward 0', rule([marked(0x300)], reject), rule([marked(0x500, '!=')], DROP)))
    const all: NftMatch = { kind: 'mark', mask: 0xfff, op: '==', values: [1, 0x512] }
    const late = table('bridge', chain('postrouting 0', rule([all], DROP, 9)))
    const found = trace([bridge, ip, late], [packetOut({}), packetOut({ dstPort: 81 })])
    expect(found.map(({ verdict, by }) => [verdict, by?.line])).toEqual([
      ['reject', 3],
      ['drop', 9],
    ])
    expect(verdicts([early(rule([when('meta mark', '0')]))], packetOut({}))).toEqual(['drop'])
  })

  test('chains of the bridge stand before or behind IP by their priority', () => {
    const mark = table('ip', chain('prerouting 0', rule([], setMark(0x100))), {
      ...chain('forward 0', rule([], setMark(0x100))),
      name: 'f',
    })
    for (const hook of ['prerouting', 'forward']) {
      const [before, behind] = [-1, 1].map((priority) =>
        table('bridge', chain(`${hook} ${priority}`, rule([marked(0x100)]))),
      )
      if (before === undefined || behind === undefined) throw new Error('two tables')
      expect(verdicts([mark, behind], packetOut({}))).toEqual(['drop'])
      expect(verdicts([mark, before], packetOut({}))).toEqual([hook === 'forward' ? 'drop' : 'accept'])
    }
  })

  test('fragments that are put together bear the mark of the first, and a rule of a filter that rejects is told', () => {
    const bridge = early(rule([{ kind: 'has-transport-header' }, when('th dport', '80')], setMark(0x300), 3))
    const ip = table('ip', chain('forward 0', rule([state('new'), marked(0x300)], reject)))
    const pieces = packetsOut({ protocol: UDP, data: Array(24).fill(0), cut: { at: [1, 3], sent: 'all' } })
    const [first, second, third] = pieces
    if (first === undefined || second === undefined || third === undefined) throw new Error('fragments')
    const found = trace([bridge, ip], [third, second, first]).at(-1)
    expect(found).toMatchObject({ verdict: 'reject', by: { line: 3 } })
    expect(trace([bridge, ip], pieces).at(-1)).toMatchObject({ verdict: 'reject', by: { line: 3 } })
  })
})

describe('connections', () => {
  const question = packetOut({ protocol: UDP })
  const answer = packetIn({ protocol: UDP, srcPort: 80, dstPort: 40000 })
  const arp = { ...question, hex: `${'f'.repeat(12)}5254000000100806${'00'.repeat(40)}` }

  test('are tracked by the hooks of IP where a rule asks', () => {
    const tables = [
      table('ip', chain('forward 0', rule([state('established'), { kind: 'ct-direction', direction: 'reply' }], DROP))),
    ]
    expect(verdicts(tables, question, answer, question, packetOut({ tag: 3 }), packetOut({ v6: true }))).toEqual([
      'accept',
      'drop',
      'accept',
      'accept',
      'accept',
    ])
    expect(
      verdicts(
        [table('ip', chain('forward 0', rule([state('invalid')], DROP)))],
        packetOut({ protocol: SCTP, type: 0 }),
      ),
    ).toEqual(['drop'])
    // Before conntrack nothing is known yet.
    expect(verdicts([table('ip', chain('prerouting -300', rule([state('new')], DROP)))], question)).toEqual(['accept'])
    expect(verdicts([table('ip', chain('prerouting -150', rule([state('new')], DROP)))], question)).toEqual(['drop'])
  })

  test('are tracked by the bridge itself for packets, also behind a tag, and nothing else is', () => {
    const tables = (...states: string[]) => [table('bridge', chain('forward 0', rule([state(...states)], DROP)))]
    expect(verdicts(tables('established'), question, answer)).toEqual(['accept', 'drop'])
    expect(
      verdicts(
        tables('established'),
        packetOut({ protocol: UDP, v6: true }),
        packetIn({ protocol: UDP, v6: true, srcPort: 80, dstPort: 40000 }),
      ),
    ).toEqual(['accept', 'drop'])
    expect(verdicts(tables('untracked'), arp, question)).toEqual(['drop', 'accept'])
    expect(verdicts(tables('invalid'), patch(question, 24, '0001'), question)).toEqual(['drop', 'accept'])
    const both = [
      table('bridge', chain('prerouting -300', rule([state('new')], DROP)), {
        ...chain('prerouting -100', rule([state('new')], DROP, 6)),
        name: 'later',
      }),
    ]
    expect(trace(both, [question])[0]?.by?.line).toBe(6)
  })

  test('the bridge and IP share one connection', () => {
    const tables = [
      table('bridge', chain('prerouting -100', rule([state('new')], setMark(0x100)))),
      table('ip', chain('forward 0', rule([state('new'), marked(0x100)], DROP))),
    ]
    expect(verdicts(tables, question)).toEqual(['drop'])
  })

  test('pieces of a packet wait at the bridge too', () => {
    const tables = [table('bridge', chain('postrouting 0', rule([state('new'), when('th dport', '80')], DROP)))]
    const pieces = packetsOut({ protocol: UDP, data: Array(24).fill(0), cut: { at: [1, 3], sent: 'all' } })
    expect(verdicts(tables, ...pieces)).toEqual(['accept', 'accept', 'drop'])
    const inwards = packetsIn({ protocol: UDP, dstPort: 80, data: Array(24).fill(0), cut: { at: [1, 3], sent: 'all' } })
    const reached = [table('bridge', chain('postrouting 0', rule([when('oifname', 'vnet0'), state('new')], DROP)))]
    expect(verdicts(reached, ...inwards)).toEqual(['accept', 'accept', 'drop'])
    const [first, second] = pieces
    if (first === undefined || second === undefined) throw new Error('fragments')
    const overlapping = withIpSum(patch(second, 20, '2002'))
    expect(verdicts(tables, first, second, overlapping)).toEqual(['accept', 'accept', 'drop'])
  })

  test('a packet that is broken is dropped where it would pass IP', () => {
    const broken = patch(question, 24, '0001')
    const [found] = trace([table('ip', chain('forward 0'))], [broken])
    expect(found).toMatchObject({ verdict: 'drop', by: null })
    expect(verdicts([early()], broken)).toEqual(['accept'])
  })
})

describe('limits', () => {
  const limit = (negated: boolean, verdict: 'drop' | 'reject' = 'reject'): NftTable =>
    table(
      'ip',
      chain(
        'forward 0',
        rule([], { kind: 'limit', set: 'l', fields: ['iifname', 'ip saddr'], above: 1, negated, verdict }, 2),
      ),
    )
  const numbers = [1, 2, 3].map((srcPort) => packetOut({ protocol: UDP, srcPort }))

  test('count the connections of a key', () => {
    const [one, two, three] = numbers
    if (one === undefined || two === undefined || three === undefined) throw new Error('three')
    // A connection that was refused is counted until another one comes.
    expect(verdicts([limit(false)], one, two, one, packetOut({ protocol: UDP, src: '192.0.2.11' }))).toEqual([
      'accept',
      'reject',
      'reject',
      'accept',
    ])
    expect(verdicts([limit(false, 'drop')], one, two)).toEqual(['accept', 'drop'])
    expect(verdicts([limit(true)], one, two)).toEqual(['reject', 'reject'])
    expect(trace([limit(false)], [one, two])[1]?.by?.line).toBe(2)
  })

  test('drop what shows no connection', () => {
    const sixth = (above: number): NftTable =>
      table(
        'ip6',
        chain(
          'forward 0',
          rule([], { kind: 'limit', set: 'l', fields: ['ip6 saddr'], above, negated: false, verdict: 'reject' }),
        ),
      )
    expect(verdicts([sixth(9)], packetOut({ v6: true, protocol: 59 }))).toEqual(['drop'])
    const beyond: NftStatement = {
      kind: 'limit',
      set: 'l',
      fields: ['@nh,4000,8'],
      above: 0,
      negated: false,
      verdict: 'drop',
    }
    expect(verdicts([table('ip', chain('forward 0', rule([], beyond)))], packetOut({}))).toEqual(['accept'])
    // A limit in the bridge sees frames that are no packets.
    const frame = { ...packetOut({}), hex: `${'f'.repeat(12)}5254000000100806${'00'.repeat(40)}` }
    const bridge = table('bridge', chain('forward 0', rule([], { ...beyond, fields: ['iifname'] })))
    expect(verdicts([bridge], frame)).toEqual(['accept'])
  })
})
