import { describe, expect, test } from 'vitest'
import { parseFrame } from '../../agent/learn/parse-frame.ts'
import { bytesOf, dhcpFrame, dhcpv6Frame, linkAddress, neighbourFrame, SERVER_MAC } from '../support/dhcp-frames.ts'
import { arp, BROADCAST, ethernet, ipv4, ipv6, udp } from '../support/frames.ts'

const MAC = '52:54:00:00:00:10'
const DUID = '00030001525400000010'

const said = (frame: string) => parseFrame(bytesOf(frame))?.said
const packet = (payload: string, type = '0800', vlan?: number) =>
  ethernet({ src: MAC, dst: BROADCAST, type, payload, ...(vlan === undefined ? {} : { vlan }) })
const ack = { side: 'server', type: 5, id: '0a0b0c0d', mac: MAC, yiaddr: '192.0.2.10', lifetime: 600 } as const
const web = ipv4({ src: '192.0.2.10', dst: '192.0.2.1', protocol: 6, payload: '00'.repeat(20) })

describe('IPv4', () => {
  test.each([
    ['without a tag', packet(web)],
    ['with a tag', packet(web, '0800', 7)],
    ['of which the end was not captured', packet(web).slice(0, 2 * (14 + 20))],
    [
      'that is a fragment between the ports of DHCP',
      packet(ipv4({ src: '192.0.2.10', dst: '192.0.2.1', protocol: 17, payload: udp(68, 67) }).replace('4000', '2000')),
    ],
  ])('the source of a packet %s', (_, frame) => {
    expect(parseFrame(bytesOf(frame))).toMatchObject({ from: MAC, said: { kind: 'ipv4', address: '192.0.2.10' } })
  })

  test.each([
    ['two tags', packet(`0007${'0800'}${web}`, '8100', 7)],
    ['a tag of a provider', packet(`0007${'0800'}${web}`, '88a8')],
    ['a length instead of a type', packet(web, '0100')],
    ['another version', packet(`6${web.slice(1)}`)],
    ['a header that is too short', packet(`44${web.slice(2)}`)],
    ['a header longer than the packet', packet(`4f00001c${web.slice(8)}`)],
    ['no header', packet(web).slice(0, 2 * (14 + 19))],
    ['no Ethernet header', packet(web).slice(0, 2 * 13)],
    ['nothing', ''],
  ])('nothing from a frame with %s', (_, frame) => {
    expect(parseFrame(bytesOf(frame))).toBeUndefined()
  })
})

describe('ARP', () => {
  const sender = { senderMac: MAC, senderIp: '192.0.2.10', targetIp: '192.0.2.1' }
  test.each([
    ['a request', arp(sender), { mac: MAC, address: '192.0.2.10', isAnnouncement: false }],
    ['a reply', arp({ ...sender, operation: 2 }), { address: '192.0.2.10' }],
    [
      'a probe',
      arp({ ...sender, senderIp: '0.0.0.0', targetIp: '192.0.2.10' }),
      { address: null, isAnnouncement: false },
    ],
    ['an announcement', arp({ ...sender, targetIp: '192.0.2.10' }), { address: '192.0.2.10', isAnnouncement: true }],
  ])('%s', (_, payload, expected) => {
    expect(said(packet(payload, '0806'))).toMatchObject({ kind: 'arp', ...expected })
  })

  test.each([
    ['another operation', arp({ ...sender, operation: 8 })],
    ['another hardware', `0006${arp(sender).slice(4)}`],
    ['another protocol', `000186dd${arp(sender).slice(8)}`],
    ['longer addresses', `000108000810${arp(sender).slice(12)}`],
  ])('nothing from %s', (_, payload) => {
    expect(said(packet(payload, '0806'))).toBeUndefined()
  })
  test('nothing from one that is cut short', () => {
    expect(said(packet(arp(sender), '0806').slice(0, 2 * (14 + 27)))).toBeUndefined()
  })
})

describe('DHCP', () => {
  test('an answer', () => {
    expect(said(dhcpFrame({ ...ack, server: '192.0.2.1', src: '192.0.2.2', vlan: 5 }))).toEqual({
      kind: 'dhcp',
      side: 'server',
      source: '192.0.2.2',
      type: 5,
      id: '0a0b0c0d',
      mac: MAC,
      clientAddress: null,
      yourAddress: '192.0.2.10',
      requested: null,
      lifetime: 600,
      server: '192.0.2.1',
    })
  })

  test('a question, with padding and options that do not count, twice', () => {
    const more = '0000370301030600370101'
    const question = dhcpFrame({ ...ack, side: 'client', type: 3, ciaddr: '192.0.2.9', requested: '192.0.2.10', more })
    expect(said(question)).toMatchObject({ side: 'client', clientAddress: '192.0.2.9', requested: '192.0.2.10' })
  })

  test('a lease for ever is a number like others', () => {
    expect(said(dhcpFrame({ ...ack, lifetime: 0xffffffff }))).toMatchObject({ lifetime: 0xffffffff })
  })

  const whole = dhcpFrame(ack)
  /** Where the message begins, in digits. */
  const at = 2 * (14 + 20 + 8)
  const swap = (offset: number, digits: string) =>
    whole.slice(0, at + 2 * offset) + digits + whole.slice(at + 2 * offset + digits.length)
  test.each([
    ['a second option 51', dhcpFrame({ ...ack, more: '330400000001' })],
    ['a second option 53', dhcpFrame({ ...ack, more: '350105' })],
    ['a second option 54', dhcpFrame({ ...ack, server: '192.0.2.1', more: '3604c0000202' })],
    ['a second option 50', dhcpFrame({ ...ack, requested: '192.0.2.1', more: '3204c0000202' })],
    ['an option 51 of two bytes', dhcpFrame({ side: 'server', type: 5, id: ack.id, mac: MAC, more: '33020001' })],
    ['an option behind the end', dhcpFrame({ ...ack, more: '0cf0' })],
    ['no option 53', swap(240, '0c')],
    ['another cookie', swap(236, '63825364')],
    ['another hardware', swap(1, '06')],
    ['a longer hardware address', swap(2, '10')],
    ['the operation of the other side', swap(0, '01')],
    ['a datagram longer than the packet', `${whole.slice(0, 2 * 38)}ffff${whole.slice(2 * 40)}`],
    ['a datagram shorter than its header', `${whole.slice(0, 2 * 38)}0007${whole.slice(2 * 40)}`],
    ['an end that is missing', whole.slice(0, -20)],
  ])('nothing from a message with %s', (_, frame) => {
    expect(said(frame)).toBeUndefined()
  })
})

describe('neighbour discovery', () => {
  const target = 'fe80::5054:ff:fe00:10'
  test('duplicate address detection', () => {
    expect(said(neighbourFrame({ type: 'solicitation', from: MAC, target }))).toMatchObject({
      kind: 'neighbour',
      type: 'solicitation',
      target,
      mac: null,
    })
  })
  test('an advertisement says of which MAC address it speaks', () => {
    const frame = neighbourFrame({ type: 'advertisement', from: MAC, target, options: linkAddress(2, MAC) })
    expect(said(frame)).toMatchObject({ type: 'advertisement', target, mac: MAC, isSolicited: false })
  })
  test('one text for one address', () => {
    const frame = neighbourFrame({ type: 'solicitation', from: MAC, target: '2001:db8:0:0:1:0:0:1' })
    expect(said(frame)).toMatchObject({ target: '2001:db8::1:0:0:1' })
  })

  const asks = { type: 'solicitation', from: MAC, target } as const
  const tells = { type: 'advertisement', from: MAC, target } as const
  test.each([
    ['a solicitation with a source', neighbourFrame({ ...asks, src: 'fe80::2' })],
    ['a solicitation without a source that names one', neighbourFrame({ ...asks, options: linkAddress(1, MAC) })],
    ['a solicitation to one host', neighbourFrame({ ...asks, dst: target })],
    ['a packet that passed a router', neighbourFrame({ ...asks, hopLimit: 254 })],
    ['a group as a target', neighbourFrame({ ...asks, target: 'ff02::1', dst: 'ff02::1:ff00:1' })],
    ['no target', neighbourFrame({ ...asks, target: '::' })],
    ['the loopback', neighbourFrame({ ...tells, target: '::1', src: 'fe80::1' })],
    ['IPv4 in the form of IPv6', neighbourFrame({ ...tells, target: '0:0:0:0:0:ffff:c000:20a', src: 'fe80::1' })],
    ['an answer to everybody', neighbourFrame({ ...tells, isSolicited: true })],
    ['an option of no length', neighbourFrame({ ...tells, options: '0200525400000010' })],
    ['an option that is too long', neighbourFrame({ ...tells, options: '0202525400000010' })],
    [
      'another message',
      packet(ipv6({ src: '::', dst: 'ff02::2', nextHeader: 58, payload: '8500000000000000' }), '86dd'),
    ],
  ])('nothing from %s', (_, frame) => {
    expect(said(frame)).toBeUndefined()
  })
})

describe('DHCPv6', () => {
  const reply = { side: 'server', type: 7, id: '0a0b0c', duid: DUID, from: SERVER_MAC, to: MAC } as const
  const address = '2001:db8::10'
  test('a reply with its addresses', () => {
    const frame = dhcpv6Frame({ ...reply, addresses: [{ address, lifetime: 600 }] })
    expect(said(frame)).toEqual({
      kind: 'dhcpv6',
      side: 'server',
      source: 'fe80::1',
      type: 7,
      id: `0a0b0c${DUID}`,
      addresses: [{ address, lifetime: 600 }],
    })
  })
  test('addresses with an error are none', () => {
    const failed = '000d00020002'
    const addresses = [
      { address, lifetime: 600, more: failed },
      { address: '2001:db8::11', lifetime: 600, more: '000d00020000' },
    ]
    expect(said(dhcpv6Frame({ ...reply, addresses }))).toMatchObject({ addresses: [{ address: '2001:db8::11' }] })
    expect(said(dhcpv6Frame({ ...reply, more: `00030012000000010000000000000000${failed}` }))).toMatchObject({
      addresses: [],
    })
  })

  test.each([
    ['no client', dhcpv6Frame({ ...reply }).replace(`0001000a${DUID}`, `0009000a${DUID}`)],
    ['two clients', dhcpv6Frame({ ...reply, more: `0001000a${DUID}` })],
    ['an identifier that is too long', dhcpv6Frame({ ...reply, duid: '00'.repeat(131) })],
    ['a relay', dhcpv6Frame({ ...reply, type: 13 })],
    ['an option behind the end', dhcpv6Frame({ ...reply, more: '000600ff00' })],
    ['half an option', dhcpv6Frame({ ...reply, more: '0006' })],
    ['an association that is too short', dhcpv6Frame({ ...reply, more: '0003000400000000' })],
    ['an address that is too short', dhcpv6Frame({ ...reply, more: `00030014${'00'.repeat(12)}0005000400000000` })],
    ['very many options', dhcpv6Frame({ ...reply, more: '00060000'.repeat(65) })],
  ])('nothing from a message with %s', (_, frame) => {
    expect(said(frame)).toBeUndefined()
  })
})

test('a frame is read as a part of a larger buffer', () => {
  const frame = Buffer.from(`ffffff${dhcpFrame(ack)}ffffff`, 'hex').subarray(3, -3)
  expect(parseFrame(frame)?.said).toMatchObject({ kind: 'dhcp', yourAddress: '192.0.2.10', mac: MAC })
})
