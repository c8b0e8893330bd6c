import { describe, expect, test } from 'vitest'
import { learn } from '../../agent/learn/learn.ts'
import { EMPTY_LEARN_STATE, LEARN_LIMITS } from '../../agent/learn/learn-state.ts'
import { learningView } from '../../agent/learn/learning-view.ts'
import { nextDue } from '../../agent/learn/next-due.ts'
import { restoreLeases } from '../../agent/learn/restore-leases.ts'
import { table } from '../../agent/learn/table.ts'
import { dhcpFrame, neighbourFrame } from '../support/dhcp-frames.ts'
import { BROADCAST, ethernet, ipv4 } from '../support/frames.ts'
import { LEARNER, type Learning, learnRequest, OTHER_LEARNER, openLearning } from '../support/learning.ts'

const MAC = LEARNER.mac
const SERVER = '192.0.2.1'
const asks = dhcpFrame({ side: 'client', type: 3, id: '0a0b0c0d', mac: MAC })
const acks = (yiaddr = '192.0.2.10', lifetime = 600) =>
  dhcpFrame({ side: 'server', type: 5, id: '0a0b0c0d', mac: MAC, yiaddr, lifetime, server: SERVER })
const sends = (src: string) =>
  ethernet({ src: MAC, dst: BROADCAST, type: '0800', payload: ipv4({ src, dst: SERVER, protocol: 1, payload: '' }) })
const lease = (learning: Learning, portDevice?: string, yiaddr?: string) => {
  learning.says(asks, portDevice)
  return learning.hears(acks(yiaddr), portDevice)
}
const stored = (learning: Learning) => JSON.parse(JSON.stringify(learning.state().leases)) as unknown

describe('what shall be learned', () => {
  test('a device that is not asked for is off', () => {
    const learning = openLearning([])
    expect(learning.view()).toEqual({ status: 'off', since: null, addresses: [], ignored: 0, note: null })
    expect(lease(learning)).toEqual([])
    learning.ask([learnRequest({ ipv4: 'none' })])
    expect(learning.view().status).toBe('off')
  })

  test('asking again for the same changes nothing', () => {
    const learning = openLearning([learnRequest()])
    lease(learning)
    learning.pass(10)
    expect(learning.ask([learnRequest()])).toEqual([])
    expect(learning.view()).toMatchObject({ status: 'learned', since: '2030-01-01T00:00:00.000Z' })
  })

  test('the same NIC keeps its lease under another name, and while it is gone', () => {
    const learning = openLearning([learnRequest()])
    lease(learning)
    learning.ask([])
    learning.wait(60)
    expect(learning.ask([learnRequest({ portDevice: 'vnet7' })])).toEqual(['vnet7'])
    expect(learning.addresses('vnet7')).toEqual(['192.0.2.10'])
  })

  test('another guest behind the same name has nothing of it', () => {
    const learning = openLearning([learnRequest()])
    lease(learning)
    expect(learning.ask([learnRequest({ key: 'another' })])).toEqual(['vnet0'])
    expect(learning.view()).toMatchObject({ status: 'waiting', addresses: [] })
  })

  test('what a guest chose goes with its request, or with the mode that let it', () => {
    const any = learnRequest({ ipv4: 'any', ipv6: 'any' })
    const learning = openLearning([any])
    learning.says(sends('192.0.2.10'))
    learning.says(neighbourFrame({ type: 'solicitation', from: MAC, target: '2001:db8::10' }))
    expect(learning.ask([learnRequest({ ipv4: 'dhcp', ipv6: 'any' })])).toEqual(['vnet0'])
    expect(learning.addresses()).toEqual(['2001:db8::10'])
    learning.ask([])
    expect(learning.ask([any])).toEqual([])
    expect(learning.says(sends('192.0.2.11'))).toEqual(['vnet0'])
  })

  test('a lease of a server that is not named any more goes', () => {
    const learning = openLearning([learnRequest({ servers: [SERVER] })])
    lease(learning)
    expect(learning.ask([learnRequest({ servers: [SERVER, '192.0.2.2'] })])).toEqual([])
    expect(learning.ask([learnRequest({ servers: ['192.0.2.2'] })])).toEqual(['vnet0'])
    expect(learning.view().status).toBe('waiting')
  })

  test.each(['__proto__', 'constructor', 'a b', '"; reboot'])('a device may be called %s', (portDevice) => {
    const learning = openLearning([learnRequest({ portDevice, key: portDevice })])
    expect(learning.view('toString').status).toBe('off')
    expect(lease(learning, portDevice)).toEqual([portDevice])
    expect(learning.addresses(portDevice)).toEqual(['192.0.2.10'])
    expect(restoreLeases(stored(learning), 0).leases).toEqual(learning.state().leases)
  })
})

describe('a restart', () => {
  const restarted = (learning: Learning, requests = [learnRequest()]) => {
    const next = restoreLeases(stored(learning), learning.now())
    return learn(next, { kind: 'requests', requests }, learning.now() + 300_000)
  }
  test('keeps leases, and what the guest chose', () => {
    const learning = openLearning([learnRequest({ ipv4: 'any' }), learnRequest(OTHER_LEARNER)])
    learning.says(sends('192.0.2.10'))
    const { state, changed } = restarted(learning, [learnRequest({ ipv4: 'any' })])
    expect(changed).toEqual(['vnet0'])
    expect(learningView(state, 'vnet0', learning.now()).status).toBe('learned')
  })
  test('ends what has run out meanwhile', () => {
    const learning = openLearning([learnRequest()])
    lease(learning)
    learning.wait(301)
    expect(restarted(learning).changed).toEqual([])
  })
  test('asks whether the server is still named', () => {
    const learning = openLearning([learnRequest()])
    lease(learning)
    expect(restarted(learning, [learnRequest({ servers: ['192.0.2.2'] })]).changed).toEqual([])
    expect(restarted(learning, [learnRequest({ servers: [SERVER] })]).changed).toEqual(['vnet0'])
  })
  test.each([
    ['nothing', undefined],
    ['text', 'leases'],
    ['a list', [{ key: [] }]],
    ['other things in the place of leases', { p0: { key: [{ address: '192.0.2.10' }], other: 'x' }, p1: null }],
  ])('after which %s is found begins anew', (_, found) => {
    expect(restoreLeases(found, 0)).toEqual(EMPTY_LEARN_STATE)
  })
  test('one lease that makes no sense does not cost the others', () => {
    const learning = openLearning([learnRequest()])
    lease(learning)
    const [good] = table.get(learning.state().leases, learnRequest().key) ?? []
    const bad = [
      { ...good, address: '192.0.2.10/0' },
      { ...good, address: '2001:db8::1' },
      { ...good, source: 'toString' },
      { ...good, server: 1 },
      { ...good, learnedAt: 'yesterday' },
      { ...good, expiresAt: 7 },
      null,
    ]
    const { leases } = restoreLeases(table.from([[learnRequest().key, [...bad, good]]]), 0)
    expect(leases).toEqual(learning.state().leases)
  })
})

describe('a guest that says nothing', () => {
  test.each([
    [
      'any',
      'No IPv4 address after 60 s. The guest stays under the temporary rules; its address is learned as soon as it speaks.',
    ],
    [
      'dhcp',
      'No IPv4 address after 60 s. The guest stays under the temporary rules; its address is learned as soon as a server gives it a lease.',
    ],
  ] as const)('is late after a minute, and still learned: mode %s', (ipv4, note) => {
    const learning = openLearning([learnRequest({ ipv4 })])
    expect(nextDue(learning.state())).toBe(learning.now() + 60_000)
    learning.wait(59)
    expect(learning.view()).toMatchObject({ status: 'waiting', note: null })
    expect(learning.wait(1)).toEqual([])
    expect(learning.view()).toEqual({
      status: 'late',
      since: '2030-01-01T00:00:00.000Z',
      addresses: [],
      ignored: 0,
      note,
    })
    expect(nextDue(learning.state())).toBeUndefined()
    expect(lease(learning)).toEqual(['vnet0'])
    expect(learning.view().status).toBe('learned')
  })
  test('is late again a minute after its last address has gone', () => {
    const learning = openLearning([learnRequest()])
    lease(learning)
    learning.wait(600)
    expect(nextDue(learning.state())).toBe(learning.now() + 60_000)
    learning.wait(60)
    expect(learning.view()).toMatchObject({ status: 'late', since: '2030-01-01T00:10:00.000Z' })
  })
})

describe('the limit of frames', () => {
  test('holds back a guest that says too much, and nobody else', () => {
    const learning = openLearning([learnRequest(), learnRequest(OTHER_LEARNER)])
    const other = dhcpFrame({ side: 'client', type: 3, id: '0a0b0c0d', mac: OTHER_LEARNER.mac })
    for (let n = 0; n < LEARN_LIMITS.burst + 7; n += 1) learning.says(asks)
    expect(learning.view().ignored).toBe(7)
    expect(learning.view('vnet1').ignored).toBe(0)
    learning.says(other, 'vnet1')
    // What others say to it is counted for itself.
    expect(learning.hears(acks())).toEqual(['vnet0'])
    learning.pass(1)
    for (let n = 0; n < LEARN_LIMITS.framesPerSecond + 1; n += 1) learning.says(asks)
    expect(learning.view().ignored).toBe(8)
  })
  test('saves nothing up beyond a burst', () => {
    const learning = openLearning([learnRequest()])
    learning.pass(3600)
    for (let n = 0; n < LEARN_LIMITS.burst + 1; n += 1) learning.says(asks)
    expect(learning.view().ignored).toBe(1)
  })
  test('counts nothing that says nothing about addresses', () => {
    const learning = openLearning([learnRequest()])
    for (let n = 0; n < 200; n += 1) learning.says(sends('192.0.2.10'))
    for (let n = 0; n < 200; n += 1) learning.hears(acks('192.0.2.66'))
    expect(lease(learning)).toEqual(['vnet0'])
  })
})

test('leases of guests that are gone are remembered up to a bound, the newest first', () => {
  const many = LEARN_LIMITS.absent + 10
  const entries = Array.from({ length: many }, (_, n) => {
    const at = new Date(n * 1000).toISOString()
    const address = { address: '192.0.2.10', family: 'ipv4', source: 'dhcp', server: SERVER } as const
    return [`guest ${n}`, [{ ...address, learnedAt: at, expiresAt: null }]] as const
  })
  const learning = openLearning([learnRequest({ key: 'guest 0' })], {
    ...EMPTY_LEARN_STATE,
    leases: table.from(entries),
  })
  const left = table.entries(learning.state().leases).map(([key]) => key)
  expect(left).toHaveLength(LEARN_LIMITS.absent + 1)
  expect(left).toContain('guest 0')
  expect(left).not.toContain('guest 9')
  expect(left).toContain(`guest ${many - 1}`)
})
