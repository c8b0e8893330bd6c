import { describe, expect, test } from 'vitest'
import type { TraceFrame } from '#engine'
import { traceOver, verdictsOver } from '../support/trace-over.ts'
import {
  type PacketWords,
  packetIn,
  packetOut,
  packetsIn,
  packetsOut,
  patch,
  withIpSum,
} from '../support/trace-packets.ts'

/** Where rules ask for connections, the kernel puts fragments together before the IP layer. */
const TRACKING = [
  `<rule action='accept' direction='inout'><all state='NEW,ESTABLISHED,RELATED,INVALID'/></rule>`,
  `<rule action='accept' direction='inout'><all-ipv6 state='NEW,ESTABLISHED,RELATED,INVALID'/></rule>`,
].join('')
/** Rejects the whole packet. */
const rejecting = (version: '' | '-ipv6') =>
  `<rule action='reject' direction='out' priority='1'><udp${version} dstportstart='80' state='NEW'/></rule>${TRACKING}`
const UDP = 17
/** Thirty-two bytes in three pieces: one unit, two units, one unit. */
const pieces: PacketWords = { protocol: UDP, data: Array(24).fill(0), cut: { at: [1, 3], sent: 'all' } }
const [FLAGS, MORE] = [20, 0x2000]
type Three = readonly [TraceFrame, TraceFrame, TraceFrame]

function three(frames: readonly TraceFrame[]): Three {
  const [first, second, third] = frames
  if (first === undefined || second === undefined || third === undefined) throw new Error('three fragments')
  return [first, second, third]
}
/** The same piece of IPv4 at another place, counted in units. */
const moved = (frame: TraceFrame, units: number, more = MORE) =>
  withIpSum(patch(frame, FLAGS, (units | more).toString(16).padStart(4, '0')))
const [first, second, third] = three(packetsOut(pieces))
const over = (...frames: readonly TraceFrame[]) => verdictsOver(rejecting(''), ...frames)

describe('fragments of IPv4 that are put together', () => {
  test('the whole is judged with its last piece, in whatever order they come', () => {
    expect(over(first, second, third)).toEqual(['accept', 'accept', 'reject'])
    expect(over(third, first, second)).toEqual(['accept', 'accept', 'reject'])
    const [verdict] = traceOver(rejecting(''), [first])
    expect(verdict?.by).toBeNull()
    expect(verdict?.steps.at(-1)).toMatchObject({ kind: 'note', text: expect.stringContaining('waits for the others') })
  })

  test('the rules of the Ethernet layer see pieces on their way out, and the whole on its way in', () => {
    const rule = (direction: string) =>
      `<rule action='drop' direction='${direction}'><ip protocol='udp' dstportstart='80'/></rule>`
    expect(verdictsOver(`${rule('out')}${TRACKING}`, first, second, third)).toEqual(['drop', 'accept', 'accept'])
    expect(verdictsOver(`${rule('in')}${TRACKING}`, ...packetsIn(pieces))).toEqual(['accept', 'accept', 'drop'])
    expect(verdictsOver(rule('in'), ...packetsIn(pieces))).toEqual(['drop', 'accept', 'accept'])
  })

  test('pieces of another packet belong together among themselves', () => {
    const other = three(packetsOut({ ...pieces, ident: 2 }))
    expect(over(first, second, other[2], third)).toEqual(['accept', 'accept', 'accept', 'reject'])
  })

  test.each([
    ['', 'IPv4', '192.0.2.10', '192.0.2.1'],
    ['-ipv6', 'IPv6', '2001:db8::10', '2001:db8::1'],
  ] as const)('the whole goes the way of the first piece, whoever sent the others%s', (version, name, src, dst) => {
    const v6 = name === 'IPv6'
    const [outwards, inwards] = [three(packetsOut({ ...pieces, v6 })), three(packetsIn({ ...pieces, v6, src, dst }))]
    const rules = rejecting(version)
    expect(verdictsOver(rules, outwards[0], inwards[1], inwards[2])).toEqual(['accept', 'accept', 'reject'])
    expect(verdictsOver(rules, inwards[0], outwards[1], outwards[2])).toEqual(['accept', 'accept', 'accept'])
    expect(verdictsOver(rules, inwards[2], outwards[1], outwards[0])).toEqual(['accept', 'accept', 'reject'])
  })

  test('a piece that is there already is held once', () => {
    expect(over(first, first, second, third)).toEqual(['accept', 'accept', 'accept', 'reject'])
    expect(over(second, third, third, moved(second, 2, 0), first)).toEqual([...Array(4).fill('accept'), 'reject'])
  })

  test('pieces that overlap take the others with them', () => {
    expect(over(first, second, moved(second, 2), third)).toEqual(['accept', 'accept', 'drop', 'accept'])
    expect(over(second, third, moved(second, 0), first)).toEqual(['accept', 'accept', 'drop', 'accept'])
  })

  test('so do pieces that contradict the length', () => {
    // An end before what is there already, another end, and something behind the end.
    expect(over(first, second, moved(third, 1, 0), third)).toEqual(['accept', 'accept', 'drop', 'accept'])
    expect(over(third, moved(third, 7, 0), first, second)).toEqual(['accept', 'drop', 'accept', 'accept'])
    expect(over(third, moved(second, 5), first, second)).toEqual(['accept', 'drop', 'accept', 'accept'])
  })

  test('congestion that one piece met is that of the whole; who cannot tell of it does not go with who can', () => {
    const [capable, met] = [three(packetsIn({ ...pieces, tos: 2 })), three(packetsIn({ ...pieces, tos: 3 }))]
    const rules = `<rule action='drop' direction='in'><ip dscp='3'/></rule>${TRACKING}`
    expect(verdictsOver(rules, capable[0], met[1], capable[2])).toEqual(['accept', 'accept', 'drop'])
    expect(verdictsOver(rules, ...capable)).toEqual(['accept', 'accept', 'accept'])
    const none = three(packetsIn(pieces))
    expect(verdictsOver(TRACKING, none[0], capable[1], none[2])).toEqual(['accept', 'accept', 'drop'])
  })

  test('a piece that ends in the middle of a unit loses the rest', () => {
    const [head] = packetsOut({ ...pieces, cut: { at: [2], sent: 'first' } })
    if (head === undefined) throw new Error('a fragment')
    const shorter = withIpSum(patch(head, 16, '0020'))
    const middle = withIpSum(patch(second, 16, '0024'))
    expect(over(shorter, second, third)).toEqual(['accept', 'accept', 'reject'])
    expect(over(withIpSum(patch(first, 16, '0018')), second, third)).toEqual(['drop', 'accept', 'accept'])
    expect(over(first, middle, third)).toEqual(['accept', 'accept', 'reject'])
  })

  test('what is longer than a packet can be is dropped', () => {
    const huge: PacketWords = { protocol: UDP, data: Array(65528).fill(0), cut: { at: [4096], sent: 'all' } }
    expect(verdictsOver(TRACKING, ...packetsOut(huge))).toEqual(['accept', 'drop'])
    expect(verdictsOver(TRACKING, ...packetsOut({ ...huge, v6: true }))).toEqual(['accept', 'drop'])
  })

  test('a whole packet that a rule drops leaves no connection behind', () => {
    const rules = `<rule action='drop' direction='out'><udp dstportstart='80' state='NEW'/></rule>${TRACKING}`
    const back = packetIn({ protocol: UDP, srcPort: 80, dstPort: 40000 })
    const stateOf = (filter: string) => traceOver(filter, [first, second, third, back])[3]?.steps
    expect(stateOf(rules)).toContainEqual({ kind: 'note', text: 'Connection state NEW, direction original.' })
    expect(stateOf(TRACKING)).toContainEqual({ kind: 'note', text: 'Connection state ESTABLISHED, direction reply.' })
  })
})

describe('fragments of IPv6 that are put together', () => {
  const sixth = { ...pieces, v6: true }
  const six = three(packetsOut(sixth))
  const overSix = (...frames: readonly TraceFrame[]) => verdictsOver(rejecting('-ipv6'), ...frames)
  const OFFSET = 56
  /** Whether a frame went on without the others. */
  const goesAlone = (frame: TraceFrame) =>
    traceOver(TRACKING, [frame])[0]?.steps.every((step) => step.kind !== 'note' || !/fragment/.test(step.text))

  test('the whole is judged with its last piece, and has no fragment header', () => {
    expect(overSix(...six)).toEqual(['accept', 'accept', 'reject'])
    expect(overSix(six[2], six[1], six[0])).toEqual(['accept', 'accept', 'reject'])
    const [only] = packetsOut({ v6: true, protocol: UDP, extensions: [0, 44] })
    if (only === undefined) throw new Error('a packet')
    expect(overSix(only)).toEqual(['reject'])
    const behind = three(packetsOut({ ...sixth, extensions: [0, 60] }))
    expect(overSix(...behind)).toEqual(['accept', 'accept', 'reject'])
  })

  test('a piece that contradicts the length is dropped and the others stay', () => {
    const early = patch(six[2], OFFSET, '0008')
    expect(overSix(six[0], six[1], early, six[2])).toEqual(['accept', 'accept', 'drop', 'reject'])
  })

  test('pieces that overlap take the others with them', () => {
    const over = patch(six[1], OFFSET, '0011')
    expect(overSix(six[0], six[1], over, six[2])).toEqual(['accept', 'accept', 'drop', 'accept'])
  })

  test('congestion', () => {
    const [capable, met] = [three(packetsOut({ ...sixth, tos: 2 })), three(packetsOut({ ...sixth, tos: 3 }))]
    expect(overSix(capable[0], met[1], capable[2])).toEqual(['accept', 'accept', 'reject'])
    expect(overSix(six[0], met[1], six[2])).toEqual(['accept', 'accept', 'drop'])
  })

  test('a piece that is no whole number of units goes on alone, and the others are forgotten', () => {
    const odd = patch(six[1], 18, '0017')
    expect(goesAlone(odd)).toBe(true)
    expect(overSix(six[0], odd, six[1], six[2])).toEqual(['accept', 'accept', 'accept', 'accept'])
  })

  test('a first piece without the whole header behind it goes on alone', () => {
    const cutOff = three(packetsOut({ ...sixth, protocol: 6, data: Array(20).fill(0) }))
    expect(cutOff.map(goesAlone)).toEqual([true, false, false])
    const other = three(packetsOut({ ...sixth, protocol: 132, rest: [0, 0, 0, 0] }))
    expect(other.map(goesAlone)).toEqual([false, false, false])
  })

  test('a packet without a length has no fragments', () => {
    const empty = patch(packetOut({ v6: true, protocol: UDP, extensions: [44] }), 18, '0000')
    expect(goesAlone(empty)).toBe(true)
  })
})
