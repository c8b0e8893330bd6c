import { describe, expect, test } from 'vitest'
import { type Dhcpv6Frame, dhcpv6Frame, linkAddress, neighbourFrame, SERVER_MAC } from '../support/dhcp-frames.ts'
import { ethernet, ipv4 } from '../support/frames.ts'
import { LEARNER, type Learning, learnRequest, OTHER_LEARNER, openLearning } from '../support/learning.ts'

const MAC = LEARNER.mac
const LINK_LOCAL = 'fe80::5054:ff:fe00:10'
const any = () => openLearning([learnRequest({ ipv4: 'none', ipv6: 'any' })])
const dhcp = (servers: readonly string[] = []) => openLearning([learnRequest({ ipv4: 'none', ipv6: 'dhcp', servers })])
const detects = (target: string, from: string = MAC) => neighbourFrame({ type: 'solicitation', from, target })
const tells = (target: string, options = '', isSolicited = false) =>
  neighbourFrame({
    type: 'advertisement',
    from: MAC,
    target,
    options,
    isSolicited,
    ...(isSolicited ? { dst: 'fe80::1' } : {}),
  })

describe('mode any', () => {
  test('takes all addresses of the guest', () => {
    const learning = any()
    expect(learning.says(detects(LINK_LOCAL))).toEqual(['vnet0'])
    expect(learning.says(detects('2001:db8::10'))).toEqual(['vnet0'])
    expect(learning.says(tells('2001:db8::11', linkAddress(2, MAC)))).toEqual(['vnet0'])
    expect(learning.says(detects('2001:db8::10'))).toEqual([])
    expect(learning.addresses()).toEqual([LINK_LOCAL, '2001:db8::10', '2001:db8::11'])
    expect(learning.view()).toMatchObject({
      status: 'learned',
      addresses: [{ source: 'neighbour-discovery', expiresAt: null }, {}, {}],
    })
  })

  test('takes the answer to a router, by which a guest is known that was there before', () => {
    const learning = any()
    expect(learning.says(tells('2001:db8::10', linkAddress(2, MAC), true))).toEqual(['vnet0'])
  })

  test.each([
    ['of another MAC address', detects('2001:db8::10', OTHER_LEARNER.mac)],
    ['on behalf of another', tells('2001:db8::10', linkAddress(2, OTHER_LEARNER.mac))],
  ])('takes nothing %s', (_, frame) => {
    expect(any().says(frame)).toEqual([])
  })

  test('takes nothing of what others tell the guest, and nothing where it is off', () => {
    expect(any().hears(detects('2001:db8::10'))).toEqual([])
    expect(openLearning([learnRequest()]).says(detects('2001:db8::10'))).toEqual([])
  })

  test('of too many addresses the one heard of longest ago gives way, but the link-local one stays', () => {
    const learning = any()
    learning.says(detects(LINK_LOCAL))
    for (let n = 1; n <= 15; n += 1) learning.says(detects(`2001:db8::${n}`))
    expect(learning.addresses()).toHaveLength(16)
    // Number 1 is still in use.
    learning.says(tells('2001:db8::1', linkAddress(2, MAC), true))
    for (let n = 16; n <= 20; n += 1) {
      learning.pass(1)
      learning.says(detects(`2001:db8::${n}`))
    }
    const kept = learning.addresses()
    expect(kept).toHaveLength(17)
    expect(kept).toContain(LINK_LOCAL)
    expect(kept).toContain('2001:db8::1')
    expect(kept).not.toContain('2001:db8::2')
    for (let n = 1; n <= 4; n += 1) learning.says(detects(`fe80::${n}`))
    expect(learning.addresses().filter((address) => address.startsWith('fe80'))).toEqual(['fe80::3', 'fe80::4'])
  })
})

describe('mode dhcp', () => {
  const DUID = '00030001525400000010'
  const base = { id: '0a0b0c', duid: DUID } as const
  const asks = (type: number, more: Partial<Dhcpv6Frame> = {}) =>
    dhcpv6Frame({ ...base, side: 'client', type, from: MAC, to: '33:33:00:01:00:02', src: LINK_LOCAL, ...more })
  const replies = (more: Partial<Dhcpv6Frame> = {}) =>
    dhcpv6Frame({
      ...base,
      side: 'server',
      type: 7,
      from: SERVER_MAC,
      to: MAC,
      addresses: [{ address: '2001:db8::10', lifetime: 600 }],
      ...more,
    })
  function lease(learning: Learning, more: Partial<Dhcpv6Frame> = {}) {
    learning.says(asks(3))
    return learning.hears(replies(more))
  }

  test('takes leases, and lets them end', () => {
    const learning = dhcp()
    expect(lease(learning)).toEqual(['vnet0'])
    expect(learning.view().addresses).toEqual([
      {
        address: '2001:db8::10',
        family: 'ipv6',
        source: 'dhcpv6',
        server: 'fe80::1',
        learnedAt: '2030-01-01T00:00:00.000Z',
        expiresAt: '2030-01-01T00:10:00.000Z',
      },
    ])
    expect(lease(learning, { addresses: [{ address: '2001:db8::11', lifetime: 900 }] })).toEqual(['vnet0'])
    expect(learning.wait(600)).toEqual(['vnet0'])
    expect(learning.addresses()).toEqual(['2001:db8::11'])
  })

  test.each([
    ['with another transaction', { id: '0a0b0d' }],
    ['to another client', { duid: '00030001525400000011' }],
    ['to another MAC address', { to: OTHER_LEARNER.mac }],
    ['that is an advertisement', { type: 2 }],
    ['without an address', { addresses: [] }],
  ])('no answer %s', (_, more) => {
    expect(lease(dhcp(), more)).toEqual([])
  })

  test.each([
    ['gives it up', asks(8, { addresses: [{ address: '2001:db8::10', lifetime: 0 }] })],
    ['finds it in use', asks(9, { addresses: [{ address: '2001:db8::10', lifetime: 0 }] })],
  ])('a lease ends where the guest %s', (_, frame) => {
    const learning = dhcp()
    lease(learning)
    expect(learning.says(frame)).toEqual(['vnet0'])
    expect(learning.view().status).toBe('waiting')
  })

  test('a lease ends where the server says so', () => {
    const learning = dhcp()
    lease(learning)
    learning.says(asks(5))
    expect(learning.hears(replies({ addresses: [{ address: '2001:db8::10', lifetime: 0 }] }))).toEqual(['vnet0'])
  })

  test('servers of the family are those that count', () => {
    expect(lease(dhcp(['fe80:0::2']))).toEqual([])
    expect(lease(dhcp(['fe80:0::1']))).toEqual(['vnet0'])
    expect(lease(dhcp(['192.0.2.1']))).toEqual(['vnet0'])
  })

  test('a lease takes no IPv4 address away', () => {
    const learning = openLearning([learnRequest({ ipv4: 'any', ipv6: 'dhcp' })])
    const payload = ipv4({ src: '192.0.2.10', dst: '192.0.2.1', protocol: 6, payload: '' })
    learning.says(ethernet({ src: MAC, dst: SERVER_MAC, type: '0800', payload }))
    lease(learning)
    expect(learning.addresses()).toEqual(['192.0.2.10', '2001:db8::10'])
  })

  test('an answer that a guest sent is refused', () => {
    const learning = dhcp()
    learning.says(asks(3))
    learning.says(replies({ from: OTHER_LEARNER.mac }), 'vnet1')
    expect(learning.hears(replies())).toEqual([])
    expect(learning.view().note).toBe('An answer of fe80::1 was refused: the guest behind vnet1 sent it.')
  })

  test('duplicate address detection teaches nothing', () => {
    expect(dhcp().says(detects('2001:db8::10'))).toEqual([])
  })
})

test('where both families are learned, both have to be there', () => {
  const learning = openLearning([learnRequest({ ipv4: 'any', ipv6: 'any' })])
  learning.says(detects(LINK_LOCAL))
  expect(learning.view()).toMatchObject({ status: 'waiting', addresses: [{ address: LINK_LOCAL }] })
  learning.wait(60)
  expect(learning.view()).toMatchObject({ status: 'late' })
  expect(learning.view().note).toMatch(/^No IPv4 address after 60 s\./)
})
