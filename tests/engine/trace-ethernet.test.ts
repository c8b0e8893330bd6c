import { describe, expect, test } from 'vitest'
import { filterXml, traceOver, verdictsOver } from '../support/trace-over.ts'
import { cut, frameOf, packetIn, packetOut, packetsOut, patch } from '../support/trace-packets.ts'
import { ipBytes, macBytes } from '../support/traffic/bytes.ts'
import type { ArpPacket, Bpdu } from '../support/traffic/frame-draft.ts'

const ARP = 0x806
const [MAC, OTHER] = ['52:54:00:00:00:10', '52:54:00:00:00:99']
const drop = (direction: string, element: string) => `<rule action='drop' direction='${direction}'>${element}</rule>`
const arpOut = (words: Partial<ArpPacket> = {}, etherType = ARP, tag?: number) =>
  frameOf(
    'out',
    {
      kind: 'arp',
      etherType,
      arp: {
        hardware: 1,
        protocol: 0x800,
        operation: 1,
        senderMac: macBytes(MAC),
        senderIp: ipBytes('192.0.2.10') ?? [],
        targetMac: macBytes(OTHER),
        targetIp: ipBytes('192.0.2.1') ?? [],
        ...words,
      },
    },
    { ...(tag === undefined ? {} : { tag }), dstMac: 'ff:ff:ff:ff:ff:ff' },
  )
const bpduOut = (words: Partial<Bpdu> = {}) => {
  const bpdu: Bpdu = {
    version: 0,
    type: 0,
    flags: 0x81,
    rootPriority: 0x2345,
    rootMac: macBytes(OTHER),
    rootCost: 0x01020304,
    senderPriority: 0x5060,
    senderMac: macBytes(MAC),
    port: 0x8001,
    times: [0x0100, 0x1400, 0x0200, 0x0f00],
    ...words,
  }
  return frameOf('out', { kind: 'stp', bpdu }, { dstMac: '01:80:c2:00:00:00' })
}
const other = (etherType: number, tag?: number) =>
  frameOf('out', { kind: 'other', etherType, data: Array<number>(20).fill(1) }, tag === undefined ? {} : { tag })

describe('chains', () => {
  const chain = (name: string, rules: string) => filterXml(rules, name, `chain='${name}' priority='-500'`)
  const root = (names: readonly string[], rules = '') =>
    filterXml(`${names.map((name) => `<filterref filter='${name}'/>`).join('')}${rules}`, 'root')

  test('what no rule of a sub-chain decides is accepted for good, and never gets back behind the jump', () => {
    const filters = [root(['mac'], drop('out', '<mac/>')), chain('mac', drop('out', `<mac srcmacaddr='${OTHER}'/>`))]
    const [verdict] = traceOver({ filters }, [other(0x88b5)])
    expect(verdict?.verdict).toBe('accept')
    expect(verdict?.by).toBeNull()
    expect(verdict?.steps.map((step) => ('chain' in step ? step.chain : step.text))).toEqual([
      'libvirt-I-vnet0',
      'I-vnet0-mac',
    ])
  })

  test('a return goes back behind the jump, and out of the root chain it accepts', () => {
    const back = `<rule action='return' direction='out'><mac srcmacaddr='${MAC}'/></rule>`
    const filters = [root(['mac'], drop('out', '<mac/>')), chain('mac', back)]
    expect(traceOver({ filters }, [other(0x88b5)])[0]).toMatchObject({ verdict: 'drop', by: { text: 'root 2' } })
    const [verdict] = traceOver(`${back}${drop('out', '<mac/>')}`, [other(0x88b5)])
    expect(verdict).toMatchObject({ verdict: 'accept', by: { filter: 'f', line: 1, text: 'f 1' } })
  })

  test('continue is no verdict, and a reject tells nobody', () => {
    const rules = `<rule action='continue' direction='out'><mac/></rule><rule action='reject' direction='out'><mac/></rule>`
    const [verdict] = traceOver(rules, [other(0x88b5)])
    expect(verdict).toMatchObject({ verdict: 'drop', by: { text: 'f 2' } })
    expect(verdict?.steps.filter(({ kind }) => kind === 'rule')).toHaveLength(2)
  })

  test('a side without a rule lets everything pass, and so does a device without a binding', () => {
    const frame = packetIn({})
    expect(verdictsOver(drop('out', '<mac/>'), frame, { ...frame, portDevice: 'vnet9' })).toEqual(['accept', 'accept'])
    expect(traceOver(drop('out', '<mac/>'), [frame])[0]?.steps).toEqual([])
  })

  test.each([
    ['ipv4-x', packetOut({}), true],
    ['ipv4-x', packetOut({ tag: 5 }), false],
    ['ipv6', packetOut({ v6: true }), true],
    ['ipv6', packetOut({}), false],
    ['arp', arpOut(), true],
    ['arp', arpOut({}, 0x8035), false],
    ['rarp', arpOut({}, 0x8035), true],
    ['vlan', packetOut({ tag: 5 }), true],
    ['stp', bpduOut(), true],
    ['stp', arpOut(), false],
    ['mac', arpOut(), true],
  ] as const)('the chain %s takes %j: %s', (name, frame, isTaken) => {
    const filters = [root([name]), chain(name, drop('out', '<mac/>'))]
    expect(verdictsOver({ filters }, frame)).toEqual([isTaken ? 'drop' : 'accept'])
  })
})

describe('what the matches of ebtables compare', () => {
  /** Whether a rule that drops takes the frame. */
  const matches = (element: string, frame: ReturnType<typeof packetOut>) =>
    verdictsOver(drop('out', element), frame)[0] === 'drop'

  test.each([
    [`<mac srcmacaddr='${MAC}'/>`, true],
    [`<mac match='no' srcmacaddr='${OTHER}'/>`, true],
    [`<mac srcmacaddr='52:54:00:ff:ff:ff' srcmacmask='ff:ff:ff:00:00:00'/>`, true],
    [`<mac match='no' srcmacaddr='52:54:00:ff:ff:ff' srcmacmask='ff:ff:ff:00:00:00'/>`, false],
    [`<mac dstmacaddr='ff:ff:ff:ff:ff:ff'/>`, true],
    [`<mac protocolid='arp'/>`, true],
    [`<mac match='no' protocolid='0x8100'/>`, true],
    [`<vlan/>`, false],
    [`<arp/>`, true],
    [`<rarp/>`, false],
    [`<arp hwtype='1' protocoltype='0x800' opcode='Request'/>`, true],
    [`<arp opcode='2'/>`, false],
    [`<arp arpsrcmacaddr='${MAC}' arpdstmacaddr='${OTHER}'/>`, true],
    [`<arp arpsrcipaddr='192.0.2.99' arpsrcipmask='24'/>`, true],
    [`<arp match='no' arpdstipaddr='192.0.2.1'/>`, false],
    [`<arp gratuitous='true'/>`, false],
    [`<arp match='no' gratuitous='true'/>`, true],
  ] as const)('an ARP request and %s: %s', (element, isMatched) => {
    expect(matches(element, arpOut())).toBe(isMatched)
  })

  test('an announcement is one by its addresses', () => {
    expect(matches(`<arp gratuitous='true'/>`, arpOut({ targetIp: ipBytes('192.0.2.10') ?? [] }))).toBe(true)
  })

  test.each([
    ['hardware of another kind', arpOut({ hardware: 6 }), 'arpsrcmacaddr', false],
    ['hardware of another kind', arpOut({ hardware: 6 }), 'arpsrcipaddr', true],
    ['another protocol', arpOut({ protocol: 0x86dd }), 'arpsrcipaddr', false],
    ['another protocol', arpOut({ protocol: 0x86dd }), 'arpsrcmacaddr', true],
    ['longer MAC addresses', patch(arpOut(), 18, '08'), 'arpsrcmacaddr', false],
    ['longer MAC addresses', patch(arpOut(), 18, '08'), 'arpsrcipaddr', true],
    ['longer IP addresses', patch(arpOut(), 19, '10'), 'arpsrcipaddr', false],
    ['a packet that is cut off', cut(arpOut(), 38), 'arpsrcipaddr', false],
    ['a packet that is cut off', cut(arpOut(), 38), 'arpsrcmacaddr', true],
    ['a header that is cut off', cut(arpOut(), 20), 'arpsrcmacaddr', false],
  ] as const)('%s, %#: what is not there matches no negation either', (_, frame, name, isMatched) => {
    const value = name === 'arpsrcmacaddr' ? OTHER : '10.9.8.7'
    expect(matches(`<arp match='no' ${name}='${value}'/>`, frame)).toBe(isMatched)
  })

  test('ebtables reads the number of an encapsulated protocol as hexadecimal, strict writes it so', () => {
    const rule = drop('out', `<vlan vlanid='5' encap-protocol='arp'/>`)
    expect(verdictsOver(rule, arpOut({}, ARP, 5), other(0x2054, 5))).toEqual(['accept', 'drop'])
    const strict = { filters: [rule], dialect: 'strict' } as const
    expect(verdictsOver(strict, arpOut({}, ARP, 5), arpOut({}, ARP, 6), other(0x2054, 5))).toEqual([
      'drop',
      'accept',
      'accept',
    ])
  })

  test('what has a length behind its tag has a number of the kernel there', () => {
    const llc = other(0, 5)
    expect(matches(`<vlan match='no' encap-protocol='0x60'/>`, llc)).toBe(true)
    expect(matches(`<vlan vlanid='5'/>`, patch(llc, 18, 'ffff'))).toBe(true)
    expect(matches(`<vlan match='no' vlanid='7'/>`, other(0x88b5))).toBe(false)
    // The tag is cut off.
    for (const element of [`<vlan match='no' vlanid='7'/>`, `<vlan match='no' encap-protocol='0x800'/>`])
      expect(matches(element, cut(other(0x88b5, 5), 15))).toBe(false)
    expect(matches(`<vlan match='no' encap-protocol='0x800'/>`, patch(llc, 18, 'ffff'))).toBe(true)
  })

  test.each([
    [`<ip srcipaddr='192.0.2.10' dstipaddr='192.0.2.0' dstipmask='24'/>`, true],
    [`<ip match='no' srcipaddr='192.0.2.10'/>`, false],
    [`<ip protocol='tcp' srcportstart='40000' dstportstart='79' dstportend='81'/>`, true],
    [`<ip protocol='tcp' dstportstart='81'/>`, false],
    [`<ip protocol='udp'/>`, false],
    [`<ip dscp='8'/>`, true],
  ] as const)('an IPv4 packet and %s: %s', (element, isMatched) => {
    expect(matches(element, packetOut({ tos: 8 }))).toBe(isMatched)
  })

  test('a DSCP is compared with the whole TOS byte, and in strict with its upper six bits', () => {
    const rule = drop('out', `<ip dscp='8'/>`)
    expect(verdictsOver(rule, packetOut({ tos: 8 }), packetOut({ tos: 0x21 }))).toEqual(['drop', 'accept'])
    const strict = { filters: [rule], dialect: 'strict' } as const
    expect(verdictsOver(strict, packetOut({ tos: 8 }), packetOut({ tos: 0x21 }))).toEqual(['accept', 'drop'])
  })

  test('ports of the Ethernet layer stand in the first fragment alone, and may be read in padding', () => {
    const [first, later] = packetsOut({
      protocol: 17,
      dstPort: 9,
      data: Array(16).fill(0),
      cut: { at: [1], sent: 'all' },
    })
    const rule = drop('out', `<ip match='no' protocol='udp'/>`)
    const port = drop('out', `<ip protocol='udp' dstportstart='9'/>`)
    if (first === undefined || later === undefined) throw new Error('two fragments')
    expect(verdictsOver(port, first, later)).toEqual(['drop', 'accept'])
    expect(verdictsOver(rule, first, later)).toEqual(['accept', 'accept'])
    const empty = packetOut({ protocol: 17 })
    const short = patch(patch(empty, 16, '0014'), 34, '0000000000000000')
    expect(verdictsOver(drop('out', `<ip protocol='udp' dstportstart='0'/>`), short)).toEqual(['drop'])
    expect(verdictsOver(port, cut(empty, 36), cut(empty, 30))).toEqual(['accept', 'accept'])
  })

  test.each([
    [[], true],
    [[0, 60, 43], true],
    [[51], true],
    [[0, 44], true],
  ] as const)('headers of IPv6 are skipped, also that of AH: %j', (extensions, isMatched) => {
    const frame = packetOut({ v6: true, extensions, protocol: 17, dstPort: 9 })
    expect(matches(`<ipv6 protocol='udp' dstportstart='9'/>`, frame)).toBe(isMatched)
    expect(matches(`<ipv6 match='no' protocol='udp'/>`, frame)).toBe(!isMatched)
  })

  test('a later fragment of IPv6 has the protocol of fragments, and behind “no next header” nothing matches', () => {
    const [, later] = packetsOut({ v6: true, protocol: 17, data: Array(16).fill(0), cut: { at: [1], sent: 'all' } })
    if (later === undefined) throw new Error('two fragments')
    expect(matches(`<ipv6 protocol='44'/>`, later)).toBe(true)
    expect(matches(`<ipv6 match='no' protocol='udp'/>`, later)).toBe(true)
    const nothing = packetOut({ v6: true, protocol: 59 })
    for (const match of ['yes', 'no']) expect(matches(`<ipv6 match='${match}' protocol='59'/>`, nothing)).toBe(false)
    expect(matches(`<ipv6 match='no' protocol='17'/>`, cut(nothing, 50))).toBe(false)
    const cutOff = cut(packetOut({ v6: true, extensions: [0], protocol: 17 }), 55)
    expect(matches(`<ipv6 match='no' protocol='17'/>`, cutOff)).toBe(false)
    expect(matches(`<ipv6 match='no' protocol='17'/>`, cut(patch(later, 20, '2c'), 55))).toBe(false)
  })

  test.each([
    [`<ipv6 protocol='icmpv6' type='128'/>`, true],
    [`<ipv6 protocol='icmpv6' type='120' typeend='129' code='0'/>`, true],
    [`<ipv6 protocol='icmpv6' type='128' code='1'/>`, false],
    [`<ipv6 protocol='icmpv6'/><ipv6 match='no' type='128' code='1'/>`, true],
    [`<ipv6 protocol='icmpv6'/><ipv6 match='no' type='128'/>`, false],
    [`<ipv6 protocol='icmpv6' code='1'/>`, false],
  ] as const)('types and codes of ICMPv6 are one condition: %s is %s', (element, isMatched) => {
    expect(matches(element, packetOut({ v6: true, protocol: 58 }))).toBe(isMatched)
    expect(matches(element, cut(packetOut({ v6: true, protocol: 58 }), 56))).toBe(false)
  })
})

describe('the spanning tree protocol as the kernel reads it, one byte too early', () => {
  test.each([
    [`<stp/>`, bpduOut({ version: 2 }), true],
    // The byte of the version, which has to be 0.
    [`<stp type='0'/>`, bpduOut({ type: 0x80 }), true],
    [`<stp type='0x80'/>`, bpduOut({ type: 0x80 }), false],
    [`<stp type='0'/>`, bpduOut({ version: 2 }), false],
    [`<stp match='no' type='7'/>`, bpduOut(), true],
    // The byte of the type.
    [`<stp flags='0'/>`, bpduOut(), true],
    [`<stp flags='0x81'/>`, bpduOut(), false],
    [`<stp match='no' flags='9'/>`, bpduOut({ type: 0x80 }), true],
    // Each number has the last byte of what stands before it.
    [`<stp root-priority='0x8123'/>`, bpduOut(), true],
    [`<stp root-priority='0x8000' root-priority-hi='0x81ff'/>`, bpduOut(), true],
    [`<stp root-address='45:52:54:00:00:00'/>`, bpduOut(), true],
    [`<stp root-address='45:52:54:ff:ff:ff' root-address-mask='ff:ff:ff:00:00:00'/>`, bpduOut(), true],
    [`<stp root-cost='0x99010203'/>`, bpduOut(), true],
    [`<stp sender-priority='0x0450'/>`, bpduOut(), true],
    [`<stp sender-address='60:52:54:00:00:00'/>`, bpduOut(), true],
    [`<stp port='0x1080'/>`, bpduOut(), true],
    [`<stp age='0x0101' max-age='0x0014' hello-time='2' forward-delay='15'/>`, bpduOut(), true],
    [`<stp flags='0'/>`, cut(bpduOut(), 50), false],
    [`<stp type='0'/>`, cut(bpduOut(), 19), false],
    [`<stp match='no' type='7'/>`, patch(bpduOut(), 14, '4243'), false],
  ] as const)('%s and frame %#: %s', (element, frame, isMatched) => {
    expect(verdictsOver(drop('out', element), frame)).toEqual([isMatched ? 'drop' : 'accept'])
  })
})

test('text that is no frame is not modelled', () => {
  const frame = packetOut({})
  const odd = ['abc', 'zz'.repeat(20), '00'].map((hex) => ({ ...frame, hex }))
  expect(verdictsOver(drop('out', '<mac/>'), ...odd)).toEqual(Array(3).fill('not-modelled'))
})

test('a value that the tools would refuse is not modelled where its rule would match', () => {
  const rules = drop('out', `<ip srcipaddr='192.0.2.10' protocol='$P'/>`)
  const one = { filters: [rules], parameters: { P: ['no-protocol'] } }
  expect(verdictsOver(one, packetOut({}), packetOut({ src: '192.0.2.11' }))).toEqual(['not-modelled', 'accept'])
})
