import { describe, expect, test } from 'vitest'
import { nextDue } from '../../agent/learn/next-due.ts'
import { type DhcpFrame, dhcpFrame } from '../support/dhcp-frames.ts'
import { arp, BROADCAST, ethernet, ipv4 } from '../support/frames.ts'
import { LEARNER, type Learning, learnRequest, OTHER_LEARNER, openLearning } from '../support/learning.ts'

const MAC = LEARNER.mac
const ID = '0a0b0c0d'
const SERVER = '192.0.2.1'

const asks = (more: Partial<DhcpFrame> = {}) => dhcpFrame({ side: 'client', type: 3, id: ID, mac: MAC, ...more })
const acks = (more: Partial<DhcpFrame> = {}) =>
  dhcpFrame({ side: 'server', type: 5, id: ID, mac: MAC, yiaddr: '192.0.2.10', lifetime: 600, server: SERVER, ...more })
const sends = (src: string, from: string = MAC) => {
  const payload = ipv4({ src, dst: '198.51.100.1', protocol: 1, payload: '0800000012340001' })
  return ethernet({ src: from, dst: BROADCAST, type: '0800', payload })
}
const resolves = (senderIp: string, senderMac: string = MAC, from: string = MAC) => {
  const payload = arp({ senderMac, senderIp, targetIp: '192.0.2.1' })
  return ethernet({ src: from, dst: BROADCAST, type: '0806', payload })
}
const dhcp = (servers: readonly string[] = []) => openLearning([learnRequest({ servers })])
const any = () => openLearning([learnRequest({ ipv4: 'any' })])
function lease(learning: Learning, more: Partial<DhcpFrame> = {}) {
  learning.says(asks())
  return learning.hears(acks(more))
}

describe('mode dhcp', () => {
  test('takes the lease that answers the guest, and waits again when it has ended', () => {
    const learning = dhcp()
    expect(learning.view()).toEqual({
      status: 'waiting',
      since: '2030-01-01T00:00:00.000Z',
      addresses: [],
      ignored: 0,
      note: null,
    })
    learning.pass(5)
    expect(lease(learning)).toEqual(['vnet0'])
    expect(learning.view()).toMatchObject({
      status: 'learned',
      since: '2030-01-01T00:00:05.000Z',
      addresses: [
        {
          address: '192.0.2.10',
          family: 'ipv4',
          source: 'dhcp',
          server: SERVER,
          learnedAt: '2030-01-01T00:00:05.000Z',
          expiresAt: '2030-01-01T00:10:05.000Z',
        },
      ],
    })
    learning.wait(60)
    expect(nextDue(learning.state())).toBe(Date.UTC(2030, 0, 1, 0, 10, 5))
    expect(learning.wait(539)).toEqual([])
    expect(learning.wait(1)).toEqual(['vnet0'])
    expect(learning.view()).toMatchObject({ status: 'waiting', since: '2030-01-01T00:10:05.000Z', addresses: [] })
  })

  test('any event ends a lease that has run out', () => {
    const learning = dhcp()
    lease(learning)
    learning.pass(600)
    expect(learning.addresses()).toEqual([])
    expect(learning.says(sends('192.0.2.99'))).toEqual(['vnet0'])
  })

  test.each([
    ['for ever', { lifetime: 0xffffffff }, 10 * 365 * 86_400, ['192.0.2.10']],
    ['without a word on how long, for an hour', { more: '' }, 3599, ['192.0.2.10']],
    ['without a word on how long, not for longer', { more: '' }, 3600, []],
  ])('a lease %s', (_, more, seconds, left) => {
    const learning = dhcp()
    learning.says(asks())
    const answer = { side: 'server', type: 5, id: ID, mac: MAC, yiaddr: '192.0.2.10', server: SERVER, ...more } as const
    learning.hears(dhcpFrame(answer))
    learning.wait(seconds)
    expect(learning.addresses()).toEqual(left)
  })

  test('a lease for ever has no end', () => {
    const learning = dhcp()
    lease(learning, { lifetime: 0xffffffff })
    expect(learning.view().addresses[0]?.expiresAt).toBe(null)
    lease(learning)
    expect(learning.view().addresses[0]?.expiresAt).toBe(null)
  })

  test('a renewal extends and never shortens', () => {
    const learning = dhcp()
    lease(learning)
    const end = () => learning.view().addresses[0]?.expiresAt
    expect(lease(learning, { lifetime: 60 })).toEqual([])
    expect(end()).toBe('2030-01-01T00:10:00.000Z')
    learning.pass(300)
    expect(lease(learning)).toEqual([])
    expect(end()).toBe('2030-01-01T00:15:00.000Z')
    expect(learning.view().addresses[0]?.learnedAt).toBe('2030-01-01T00:00:00.000Z')
  })

  test('a second address stands beside the first until that ends', () => {
    const learning = dhcp()
    lease(learning)
    learning.pass(300)
    expect(lease(learning, { yiaddr: '192.0.2.20' })).toEqual(['vnet0'])
    expect(learning.addresses()).toEqual(['192.0.2.10', '192.0.2.20'])
    expect(learning.wait(300)).toEqual(['vnet0'])
    expect(learning.addresses()).toEqual(['192.0.2.20'])
    expect(learning.view().status).toBe('learned')
  })

  test('of too many leases the one heard of longest ago gives way', () => {
    const learning = dhcp()
    for (let n = 1; n <= 9; n += 1) lease(learning, { yiaddr: `192.0.2.${n}` })
    expect(learning.addresses()).toEqual([2, 3, 4, 5, 6, 7, 8, 9].map((n) => `192.0.2.${n}`))
  })

  test.each([
    ['that the guest did not ask for', { id: '0a0b0c0e' }],
    ['for another guest', { mac: OTHER_LEARNER.mac }],
    ['that is an offer', { type: 2 }],
    ['without an address', { yiaddr: '0.0.0.0' }],
    ['with a group as its address', { yiaddr: '224.0.0.1' }],
    ['with the loopback as its address', { yiaddr: '127.0.0.1' }],
    ['that has ended as it comes', { lifetime: 0 }],
    ['that says twice how long it lasts', { more: '330400000001' }],
  ])('no answer %s', (_, more) => {
    const learning = dhcp()
    expect(lease(learning, more)).toEqual([])
    expect(learning.addresses()).toEqual([])
  })

  test.each([
    ['from a forged MAC address', asks({ ethSrc: OTHER_LEARNER.mac })],
    ['for another guest', asks({ mac: OTHER_LEARNER.mac, ethSrc: MAC })],
    ['that asks for anything but an address', asks({ type: 8, ciaddr: '192.0.2.66' })],
    ['that is no question', asks({ type: 7 })],
  ])('no answer to a question %s', (_, question) => {
    const learning = dhcp()
    learning.says(question)
    expect(learning.hears(acks())).toEqual([])
  })

  test('no answer after a minute, none that comes from the guest itself, no packet, and no ARP', () => {
    const learning = dhcp()
    learning.says(asks())
    learning.says(acks({ ethSrc: MAC }))
    learning.says(sends('192.0.2.10'))
    learning.says(resolves('192.0.2.10'))
    learning.pass(60)
    learning.hears(acks())
    expect(learning.addresses()).toEqual([])
    expect(learning.view().status).toBe('late')
  })

  test('a question of a NIC with another MAC address teaches nothing here', () => {
    const learning = openLearning([learnRequest(), learnRequest(OTHER_LEARNER)])
    learning.says(asks())
    learning.hears(acks(), 'vnet1')
    expect(learning.addresses('vnet1')).toEqual([])
    expect(learning.hears(acks())).toEqual(['vnet0'])
  })
})

describe('the end of a lease', () => {
  test.each([
    ['the guest releases it', asks({ type: 7, ciaddr: '192.0.2.10' })],
    ['the guest declines it', asks({ type: 4, requested: '192.0.2.10' })],
  ])('%s', (_, frame) => {
    const learning = dhcp()
    lease(learning)
    lease(learning, { yiaddr: '192.0.2.20' })
    expect(learning.says(frame)).toEqual(['vnet0'])
    expect(learning.addresses()).toEqual(['192.0.2.20'])
    expect(learning.view().status).toBe('learned')
  })

  test.each([
    ['another guest releases it', asks({ type: 7, ciaddr: '192.0.2.10', ethSrc: OTHER_LEARNER.mac })],
    ['another address is released', asks({ type: 7, ciaddr: '192.0.2.11' })],
    ['nothing is released', asks({ type: 7 })],
    ['the guest asks anew', asks({ type: 1 })],
  ])('not where %s', (_, frame) => {
    const learning = dhcp()
    lease(learning)
    expect(learning.says(frame)).toEqual([])
    expect(learning.addresses()).toEqual(['192.0.2.10'])
  })

  test('the server takes back what was asked for', () => {
    const learning = dhcp()
    lease(learning)
    learning.says(asks({ requested: '192.0.2.10' }))
    expect(learning.hears(acks({ type: 6, yiaddr: '0.0.0.0' }))).toEqual(['vnet0'])
    expect(learning.view()).toMatchObject({ status: 'waiting', addresses: [] })
  })

  test('a server that is not allowed takes nothing back', () => {
    const learning = dhcp([SERVER])
    lease(learning)
    learning.says(asks({ requested: '192.0.2.10' }))
    expect(learning.hears(acks({ type: 6, server: '192.0.2.66' }))).toEqual([])
    expect(learning.addresses()).toEqual(['192.0.2.10'])
  })
})

describe('DHCPSERVER', () => {
  test.each([
    ['by both addresses', {}, true],
    ['through a relay that is named', { src: '192.0.2.2' }, true],
    ['through a relay that is not', { src: '192.0.2.66' }, false],
    ['from a named address, saying another', { server: '192.0.2.66', src: SERVER }, false],
    ['not at all', { server: '192.0.2.66' }, false],
  ])('names a server %s', (_, more, isTaken) => {
    const learning = dhcp([SERVER, '192.0.2.2'])
    expect(lease(learning, more)).toEqual(isTaken ? ['vnet0'] : [])
    expect(learning.view().note).toBe(
      isTaken ? null : 'An answer of 192.0.2.66 was refused: DHCPSERVER does not name it.',
    )
  })

  test('an answer that does not say which server it is from is refused, and taken where any server is allowed', () => {
    const answer = dhcpFrame({ side: 'server', type: 5, id: ID, mac: MAC, yiaddr: '192.0.2.10', src: SERVER })
    const learning = dhcp([SERVER])
    learning.says(asks())
    expect(learning.hears(answer)).toEqual([])
    expect(learning.view().note).toContain('does not say which server')
    const open = dhcp()
    open.says(asks())
    expect(open.hears(answer)).toEqual(['vnet0'])
    expect(open.view().addresses[0]?.server).toBe(SERVER)
  })

  test('a list that cannot be read allows nobody', () => {
    expect(lease(dhcp(['no address']))).toEqual([])
  })

  test('the note goes with the first answer that is taken', () => {
    const learning = dhcp([SERVER])
    lease(learning, { server: '192.0.2.66' })
    lease(learning)
    expect(learning.view()).toMatchObject({ status: 'learned', note: null })
  })
})

describe('an answer that a guest sent', () => {
  const spoof = { server: '192.0.2.66', ethSrc: OTHER_LEARNER.mac }
  const sentence = 'An answer of 192.0.2.66 was refused: the guest behind vnet1 sent it.'

  test('is refused, and that of the server is taken', () => {
    const learning = dhcp()
    learning.says(asks())
    learning.says(acks(spoof), 'vnet1')
    expect(learning.hears(acks(spoof))).toEqual([])
    expect(learning.view()).toMatchObject({ status: 'waiting', note: sentence })
    expect(learning.hears(acks())).toEqual(['vnet0'])
    expect(learning.view().note).toBe(null)
  })

  test('is refused behind many others, with any that comes now', () => {
    const learning = dhcp()
    learning.says(asks())
    learning.says(acks(spoof), 'vnet1')
    for (let n = 0; n < 20; n += 1) learning.says(acks({ ...spoof, yiaddr: '192.0.2.77' }), 'vnet1')
    expect(learning.hears(acks(spoof))).toEqual([])
    expect(learning.hears(acks())).toEqual([])
    learning.pass(3)
    expect(learning.hears(acks())).toEqual(['vnet0'])
  })

  test('is refused though the question is asked again', () => {
    const learning = dhcp()
    learning.says(asks())
    learning.says(acks(spoof), 'vnet1')
    learning.says(asks())
    expect(learning.hears(acks(spoof))).toEqual([])
  })

  test('is taken where that guest is the server that is named', () => {
    const learning = dhcp(['192.0.2.66'])
    learning.says(asks())
    learning.says(acks(spoof), 'vnet1')
    expect(learning.hears(acks(spoof))).toEqual(['vnet0'])
  })

  test('is no matter for one who asked something else', () => {
    const learning = dhcp()
    learning.says(asks())
    learning.says(acks({ ...spoof, id: '00000001' }), 'vnet1')
    learning.says(acks({ mac: OTHER_LEARNER.mac }), 'vnet1')
    expect(learning.hears(acks())).toEqual(['vnet0'])
  })
})

describe('mode any', () => {
  test.each([
    ['a packet', sends('192.0.2.10')],
    ['ARP', resolves('192.0.2.10')],
  ])('takes the address of the first: %s', (_, frame) => {
    const learning = any()
    expect(learning.says(frame)).toEqual(['vnet0'])
    expect(learning.view()).toMatchObject({
      status: 'learned',
      addresses: [{ address: '192.0.2.10', source: 'first-packet', server: null, expiresAt: null }],
    })
    expect(learning.says(sends('192.0.2.11'))).toEqual([])
    expect(learning.addresses()).toEqual(['192.0.2.10'])
  })

  test.each([
    ['no address', sends('0.0.0.0')],
    ['an address of this network', sends('0.0.0.1')],
    ['the loopback', sends('127.0.0.1')],
    ['a group', sends('224.0.0.1')],
    ['broadcast', sends('255.255.255.255')],
    ['the MAC address of another', sends('192.0.2.10', OTHER_LEARNER.mac)],
    ['an ARP probe', resolves('0.0.0.0')],
    ['ARP for another', resolves('192.0.2.10', OTHER_LEARNER.mac)],
    ['what the guest gives up', asks({ type: 7, ciaddr: '192.0.2.10' })],
    ['DHCP that cannot be read', asks({ type: 3, ciaddr: '192.0.2.10' }).replace('63825363', '63825364')],
  ])('takes nothing from %s', (_, frame) => {
    const learning = any()
    expect(learning.says(frame)).toEqual([])
    expect(learning.view().status).toBe('waiting')
  })

  test('takes nothing of what goes to the guest', () => {
    const learning = any()
    expect(learning.hears(sends('192.0.2.1'))).toEqual([])
  })

  test('a lease that comes first keeps packets from teaching', () => {
    const learning = any()
    expect(lease(learning)).toEqual(['vnet0'])
    expect(learning.says(sends('192.0.2.66'))).toEqual([])
  })

  test('a lease replaces what a packet taught, and no packet teaches again', () => {
    const learning = any()
    learning.says(sends('169.254.1.1'))
    expect(lease(learning)).toEqual(['vnet0'])
    expect(learning.addresses()).toEqual(['192.0.2.10'])
    expect(learning.says(asks({ type: 7, ciaddr: '192.0.2.10' }))).toEqual(['vnet0'])
    expect(learning.says(sends('192.0.2.66'))).toEqual([])
    expect(lease(learning)).toEqual(['vnet0'])
  })

  test('a lease of the address that a packet taught changes nothing but its source', () => {
    const learning = any()
    learning.says(sends('192.0.2.10'))
    expect(lease(learning)).toEqual([])
    expect(learning.view().addresses).toMatchObject([{ address: '192.0.2.10', source: 'dhcp' }])
  })

  test('a guest cannot release the address it spoke with, to choose another', () => {
    const learning = any()
    learning.says(sends('192.0.2.10'))
    expect(learning.says(asks({ type: 7, ciaddr: '192.0.2.10' }))).toEqual([])
    expect(learning.addresses()).toEqual(['192.0.2.10'])
  })
})
