import { describe, expect, test } from 'vitest'
import type { TraceFrame } from '#engine'
import {
  chain,
  DROP,
  early,
  map,
  type NftField,
  type NftMatch,
  type NftSet,
  type NftStatement,
  type NftValue,
  rule,
  set,
  table,
  to,
  trace,
  verdicts,
  when,
} from '../support/nft-table.ts'
import { cut, packetIn, packetOut, packetsOut, patch } from '../support/trace-packets.ts'

const [ACCEPT, RETURN] = [{ kind: 'accept' }, { kind: 'return' }] as const
const [UDP, ICMP] = [17, 1]

const inSet = (name: string, fields: readonly NftField[], op: '==' | '!=' = '=='): NftMatch => ({
  kind: 'lookup',
  fields,
  op,
  set: name,
})
/** Whether a rule in prerouting meets a frame. */
const meets = (matches: readonly NftMatch[], frame: TraceFrame, sets: readonly NftSet[] = []) =>
  verdicts([table('bridge', ...sets, chain('prerouting -300', rule(matches)))], frame)[0] === 'drop'

describe('chains and hooks', () => {
  test('an accept ends its base chain alone, a drop ends everything', () => {
    const accepting = chain('prerouting -300', rule([], ACCEPT, 1), rule([], DROP, 2))
    const later = { ...chain('prerouting -100', rule([when('meta l4proto', '17')], DROP, 3)), name: 'later' }
    const [tcp, udp] = trace([table('bridge', later, accepting)], [packetOut({}), packetOut({ protocol: UDP })])
    expect(tcp).toMatchObject({ verdict: 'accept', by: { filter: 'f', line: 1, text: 'rule 1' } })
    expect(udp).toMatchObject({ verdict: 'drop', by: { line: 3 } })
  })

  test('each hook knows its ports', () => {
    const at = (hook: string, field: NftField) => [
      table('bridge', chain(`${hook} 0`, rule([when(field, 'vnet0')], DROP))),
    ]
    const both = [packetOut({}), packetIn({})] as const
    expect(verdicts(at('prerouting', 'iifname'), ...both)).toEqual(['drop', 'accept'])
    expect(verdicts(at('prerouting', 'oifname'), ...both)).toEqual(['accept', 'accept'])
    expect(verdicts(at('forward', 'iifname'), ...both)).toEqual(['drop', 'accept'])
    expect(verdicts(at('forward', 'oifname'), ...both)).toEqual(['accept', 'drop'])
    expect(verdicts(at('postrouting', 'iifname'), ...both)).toEqual(['accept', 'accept'])
    expect(verdicts(at('postrouting', 'oifname'), ...both)).toEqual(['accept', 'drop'])
  })

  test.each(['prerouting', 'forward', 'postrouting'])(
    'bridged packets pass %s of IP too, frames with a tag do not',
    (hook) => {
      const tables = [table('ip', chain(`${hook} 0`, rule([{ kind: 'from-bridge' }], DROP)))]
      expect(verdicts(tables, packetOut({}), packetOut({ tag: 4 }), packetOut({ v6: true }))).toEqual([
        'drop',
        'accept',
        'accept',
      ])
      const sixth = [table('ip6', chain(`${hook} 0`, rule([], DROP)))]
      expect(verdicts(sixth, packetOut({}), packetOut({ v6: true }))).toEqual(['accept', 'drop'])
    },
  )

  test('a jump comes back, a goto goes back where its chain was called from', () => {
    const over = (first: NftStatement, second: NftStatement) =>
      verdicts(
        [
          table(
            'bridge',
            chain('prerouting -300', rule([], first), rule([], DROP)),
            chain('middle', rule([], second), rule([], ACCEPT)),
            chain('end', rule([when('meta l4proto', '6')], RETURN), rule([], ACCEPT)),
          ),
        ],
        packetOut({}),
      )[0]
    expect(over(to('jump', 'end'), ACCEPT)).toBe('drop')
    expect(over(to('goto', 'end'), ACCEPT)).toBe('accept')
    expect(over(to('jump', 'middle'), to('jump', 'end'))).toBe('accept')
    expect(over(to('jump', 'middle'), to('goto', 'end'))).toBe('drop')
    expect(over(to('jump', 'nowhere'), ACCEPT)).toBe('drop')
    expect(over(RETURN, ACCEPT)).toBe('accept')
  })

  test('a verdict map leads on, or says nothing', () => {
    const verdict = { kind: 'jump', chain: 'own' } as const
    const byPort = map('ports', ['iifname'], [{ key: ['vnet0'], verdict }])
    const look: NftStatement = { kind: 'vmap', fields: ['iifname'], map: 'ports' }
    const chains = [
      chain('prerouting -300', rule([], look), rule([when('meta l4proto', '17')], DROP)),
      chain('own', rule([when('meta l4proto', '6')], RETURN, 7), rule([when('meta l4proto', '1')], DROP, 8)),
    ]
    const frames = [
      packetOut({}),
      packetOut({ protocol: UDP }),
      packetOut({ protocol: ICMP }),
      packetIn({ protocol: UDP }),
    ]
    const found = trace([table('bridge', byPort, ...chains)], frames)
    expect(found.map(({ verdict, by }) => [verdict, by?.line])).toEqual([
      ['accept', 7],
      ['drop', undefined],
      ['drop', 8],
      ['drop', undefined],
    ])
    const unknown: NftStatement = { ...look, map: 'unknown' }
    expect(verdicts([table('bridge', chain('prerouting -300', rule([], unknown)))], packetOut({}))).toEqual(['accept'])
  })

  test('the steps tell the way', () => {
    const [found] = trace(
      [early(rule([when('meta l4proto', '6')], { kind: 'continue' }, 4), rule([], DROP, 5))],
      [packetOut({})],
    )
    expect(found?.steps).toEqual([
      { kind: 'chain', chain: 'prerouting' },
      {
        kind: 'rule',
        chain: 'prerouting',
        text: 'meta l4proto tcp continue',
        target: 'continue',
        places: [{ filter: 'f', line: 4, text: 'rule 4' }],
      },
      {
        kind: 'rule',
        chain: 'prerouting',
        text: 'drop',
        target: 'drop',
        places: [{ filter: 'f', line: 5, text: 'rule 5' }],
      },
    ])
  })

  test('what is no frame is not modelled', () => {
    expect(verdicts([early()], { ...packetOut({}), hex: 'ffff' })).toEqual(['not-modelled'])
  })
})

describe('what rules compare', () => {
  const set4 = (key: NftValue) => [
    set(
      's',
      ['iifname', 'ip saddr'],
      [
        ['vnet1', '192.0.2.10'],
        ['vnet0', key],
      ],
    ),
  ]
  const own: readonly NftField[] = ['iifname', 'ip saddr']

  test.each([
    ['192.0.2.10', true],
    ['192.0.2.11', false],
    [{ kind: 'range', first: '192.0.2.9', last: '192.0.2.10' }, true],
    [{ kind: 'range', first: '192.0.2.11', last: '192.0.2.12' }, false],
    [{ kind: 'prefix', address: '192.0.2.200', length: 24 }, true],
    [{ kind: 'prefix', address: '192.0.3.0', length: 24 }, false],
  ] satisfies [NftValue, boolean][])('a key of a port and %j', (key, isThere) => {
    expect(meets([inSet('s', own)], packetOut({}), set4(key))).toBe(isThere)
    expect(meets([inSet('s', own, '!=')], packetOut({}), set4(key))).toBe(!isThere)
  })

  test('ports by the beginning of their names, and MAC addresses', () => {
    expect(meets([when('iifname', 'vnet*')], packetOut({}))).toBe(true)
    expect(meets([when('iifname', 'tap*')], packetOut({}))).toBe(false)
    expect(meets([inSet('s', ['iifname'])], packetOut({}), [set('s', ['iifname'], [['vn*']])])).toBe(true)
    const macs = [set('s', ['ether saddr'], [['52:54:00:00:00:10']])]
    expect(meets([inSet('s', ['ether saddr'])], packetOut({}), macs)).toBe(true)
    expect(meets([inSet('unknown', ['ether saddr'], '!=')], packetOut({}))).toBe(true)
  })

  test.each([
    [when('ether type', '0x8100'), { tag: 5 }],
    [when('vlan id', '5'), { tag: 5 }],
    [when('vlan type', '0x0800'), { tag: 5 }],
    [when('ip dscp', '0x0a'), { tos: 0x28 }],
    [when('ip6 dscp', '0x0a'), { tos: 0x28, v6: true }],
    [when('ip6 saddr', '2001:db8::10'), { v6: true }],
    [when('ip6 daddr', { kind: 'prefix', address: '2001:db8::', length: 64 }), { v6: true }],
    [when('th dport', { kind: 'range', first: '79', last: '81' }), {}],
    [when('tcp flags', '0x12'), { flags: 'SYN ACK' }],
    [when('@nh,72,8', '6'), {}],
    [when('@ll,0,48', '0x525400000001'), {}],
    [when('@nh,64,64', String((0x4006b6c3n << 32n) | 0xc000020an)), {}],
    [{ kind: 'masked', field: 'tcp flags', mask: '0x3f', op: '==', value: '0x02' }, {}],
    [{ kind: 'masked', field: '@nh,0,8', mask: '0xf0', op: '!=', value: '0x60' }, {}],
    [{ kind: 'tcp-option', option: 2, present: true }, { option: 2 }],
    [{ kind: 'tcp-option', option: 3, present: false }, { option: 2 }],
  ] satisfies [NftMatch, object][])('%j', (match, words) => {
    expect(meets([match], packetOut(words))).toBe(true)
    const isNegated = 'op' in match ? { ...match, op: match.op === '==' ? '!=' : '==' } : undefined
    if (isNegated !== undefined) expect(meets([isNegated as NftMatch], packetOut(words))).toBe(false)
  })

  test('a field that is not there ends the rule, negated or not', () => {
    // An extension header that is cut off: nobody knows what follows.
    const cutOff = cut(packetOut({ v6: true, extensions: [0] }), 54)
    for (const op of ['==', '!='] as const) {
      expect(meets([when('th dport', '80', op)], cut(packetOut({}), 36))).toBe(false)
      expect(meets([when('th dport', '80', op)], cutOff)).toBe(false)
      expect(meets([when('meta l4proto', '6', op)], cutOff)).toBe(false)
      const ports = [set('s', ['iifname', '@nh,4000,8'], [['vnet0', '1']])]
      expect(meets([inSet('s', ['iifname', '@nh,4000,8'], op)], packetOut({}), ports)).toBe(false)
    }
  })

  test('a short load reads later fragments, a long one does not', () => {
    const [, later] = packetsOut({ data: Array(24).fill(0), acknowledged: 22, cut: { at: [1], sent: 'all' } })
    const [, sixth] = packetsOut({ v6: true, tos: 0x12, data: Array(24).fill(0), cut: { at: [1], sent: 'all' } })
    if (later === undefined || sixth === undefined) throw new Error('fragments')
    expect(meets([when('th dport', '22')], later)).toBe(true)
    expect(meets([when('th sport', String(0x6120))], sixth)).toBe(true)
    expect(meets([when('@th,0,24', '0', '!=')], later)).toBe(false)
    expect(meets([when('@th,8,16', '0', '!=')], later)).toBe(false)
  })

  test('whether a transport header is there, and which fragment of IPv6 this is', () => {
    const header: NftMatch = { kind: 'has-transport-header' }
    const [first, later] = packetsOut({ v6: true, data: Array(24).fill(0), cut: { at: [1], sent: 'all' } })
    if (first === undefined || later === undefined) throw new Error('fragments')
    expect([packetOut({}), first, later].map((frame) => meets([header], frame))).toEqual([true, true, false])
    expect(meets([header], cut(packetOut({}), 34))).toBe(false)
    const which = (frame: TraceFrame) =>
      (['none', 'first', 'later'] as const).filter((part) => meets([{ kind: 'fragment', which: part }], frame))
    expect([packetOut({}), packetOut({ v6: true }), first, later].map(which)).toEqual([
      [],
      ['none'],
      ['first'],
      ['later'],
    ])
  })

  test('a TCP option stands in a whole header of a first fragment', () => {
    const asks = (present: boolean, frame: TraceFrame) => meets([{ kind: 'tcp-option', option: 2, present }], frame)
    const plain = packetOut({ option: 2 })
    expect(asks(true, packetOut({ protocol: UDP }))).toBe(false)
    expect(asks(false, packetOut({ protocol: UDP }))).toBe(true)
    expect(asks(true, patch(plain, 46, '40'))).toBe(false)
    expect(asks(true, patch(plain, 46, 'f0'))).toBe(false)
    // A length beyond the header.
    expect(asks(true, patch(plain, 54, '02ff'))).toBe(false)
    expect(asks(true, patch(plain, 54, '0102'))).toBe(false)
    expect(asks(true, patch(plain, 54, '0300'))).toBe(false)
  })
})
