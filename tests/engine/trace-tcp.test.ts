import { describe, expect, test } from 'vitest'
import type { TraceFrame } from '#engine'
import { statesOf, traceOver } from '../support/trace-over.ts'
import { type PacketWords, packetIn, packetOut, patch } from '../support/trace-packets.ts'

const TRACKING = `<rule action='accept' direction='inout'><tcp state='NEW,ESTABLISHED,RELATED,INVALID'/></rule>`
const [NEW, ESTABLISHED, ANSWER, INVALID] = ['NEW original', 'ESTABLISHED original', 'ESTABLISHED reply', 'INVALID']
const states = (...frames: readonly TraceFrame[]) => statesOf(traceOver(TRACKING, frames))

type Numbers = readonly [sequence: number, acknowledged?: number]
/** The guest's segment, and the outside's. */
const guest = (flags: string, [sequence, acknowledged = 0]: Numbers, words: PacketWords = {}) =>
  packetOut({ flags, sequence, acknowledged, ...words })
const outside = (flags: string, [sequence, acknowledged = 0]: Numbers, words: PacketWords = {}) =>
  packetIn({ flags, sequence, acknowledged, srcPort: 80, dstPort: 40000, ...words })

const syn = guest('SYN', [100])
const synAck = outside('SYN ACK', [500, 101])
const opened = [syn, synAck, guest('ACK', [101, 501])]
const [finish, finishToo] = [guest('FIN ACK', [101, 501]), outside('FIN ACK', [501, 102])]
const closed = [...opened, finish, finishToo, guest('ACK', [102, 502])]
/** The state of what comes behind others. */
const behind = (before: readonly TraceFrame[], ...frames: readonly TraceFrame[]) =>
  states(...before, ...frames).slice(before.length)

describe('a TCP connection', () => {
  test('from SYN to the last ACK', () => {
    expect(states(...closed)).toEqual([NEW, ANSWER, ESTABLISHED, ESTABLISHED, ANSWER, ESTABLISHED])
  })

  test.each([
    ['SYN', NEW],
    ['SYN URG', NEW],
    ['ACK', NEW],
    ['PSH ACK', NEW],
    ['ACK URG', NEW],
    ['SYN ACK', INVALID],
    ['FIN ACK', INVALID],
    ['RST', INVALID],
    ['', INVALID],
    ['FIN', INVALID],
    ['SYN FIN', INVALID],
    ['SYN RST', INVALID],
    ['FIN SYN RST PSH ACK URG', INVALID],
  ])('%s alone is %s', (flags, state) => {
    expect(states(guest(flags, [1]))).toEqual([state])
  })

  test.each([
    ['a wrong checksum', patch(syn, 50, 'ffff')],
    ['a header that is too short', patch(syn, 46, '40')],
    ['a header beyond the packet', patch(syn, 46, 'f0')],
  ])('%s is invalid', (_, frame) => {
    expect(states(frame)).toEqual([INVALID])
  })

  test('what does not fit is invalid, or ignored where both ends may know better', () => {
    expect(behind([syn], guest('ACK', [101, 1]), guest('SYN', [100]), outside('ACK', [7, 7]))).toEqual([
      INVALID,
      NEW,
      ANSWER,
    ])
    expect(behind(opened, guest('SYN ACK', [1]), outside('SYN', [1]), guest('SYN', [900]))).toEqual([
      INVALID,
      INVALID,
      ESTABLISHED,
    ])
    expect(behind([syn, synAck], outside('ACK', [501, 101]))).toEqual([ANSWER])
  })

  test('a SYN in an established connection may be right: its answer brings the track in line', () => {
    const again = guest('SYN', [90_000], { option: 3 })
    const answered = outside('SYN ACK', [70_000, 90_001])
    const beyond = [guest('ACK', [9_000_001, 70_001]), guest('ACK', [90_001, 9_070_001])]
    expect(behind(opened, again, answered, guest('ACK', [90_001, 70_001]), ...beyond)).toEqual([
      ESTABLISHED,
      ANSWER,
      ESTABLISHED,
      INVALID,
      INVALID,
    ])
    // What comes from before is old, not wrong.
    expect(behind(opened, again, answered, guest('ACK', [101, 501]))[2]).toBe(ESTABLISHED)
    expect(behind(opened, again, outside('SYN ACK', [70_000, 5]), guest('ACK', [90_001, 70_001]))).toEqual([
      ESTABLISHED,
      ANSWER,
      INVALID,
    ])
    // Without an answer a reset ends it.
    expect(behind(opened, again, outside('RST ACK', [0, 90_001]), guest('SYN', [7]))).toEqual([
      ESTABLISHED,
      ANSWER,
      ESTABLISHED,
    ])
  })

  test('both sides may open at once', () => {
    const both = [syn, outside('SYN', [500]), guest('SYN ACK', [100, 501]), outside('ACK', [501, 101])]
    expect(states(...both, guest('ACK', [101, 501]))).toEqual([NEW, ANSWER, ESTABLISHED, ANSWER, ESTABLISHED])
    expect(states(syn, outside('SYN', [500]), guest('SYN', [100]), outside('SYN ACK', [500, 101]))[3]).toBe(ANSWER)
  })

  test('a refused connection is gone', () => {
    expect(states(syn, outside('RST ACK', [0, 101]), syn)).toEqual([NEW, ANSWER, NEW])
    expect(states(syn, guest('RST', [101]), outside('SYN ACK', [500, 101]))).toEqual([NEW, NEW, INVALID])
  })

  test('a closed connection opens again, from either side', () => {
    expect(behind(closed, guest('SYN', [9000]))).toEqual([NEW])
    expect(behind(closed, outside('SYN', [9000]))).toEqual([NEW])
    const reset = [...opened, guest('RST', [101])]
    expect(behind(reset, guest('SYN', [9000]), outside('SYN', [9000]))).toEqual([NEW, ANSWER])
    // Who did not reset it is ignored.
    expect(behind([...opened, outside('RST', [501])], guest('SYN', [9000]))).toEqual([ESTABLISHED])
    expect(behind(reset, guest('RST', [101]), guest('ACK', [101, 501]))).toEqual([ESTABLISHED, ESTABLISHED])
  })

  test('an answer to a SYN in LAST_ACK may be a challenge', () => {
    const last = [...opened, finish, finishToo]
    const frames = [guest('SYN', [7000]), outside('ACK', [502, 102]), guest('ACK', [102, 502]), guest('SYN', [9000])]
    expect(behind(last, ...frames)).toEqual([ESTABLISHED, ANSWER, ESTABLISHED, NEW])
  })
})

describe('resets', () => {
  test('the number has to be the one that is waited for', () => {
    expect(behind(opened, outside('RST', [400]))).toEqual([INVALID])
    expect(behind(opened, outside('RST', [501]), guest('SYN', [9000]))).toEqual([ANSWER, ESTABLISHED])
    // One in the window keeps the connection, for a challenge.
    expect(behind(opened, outside('RST', [600]), guest('ACK', [101, 501]))).toEqual([ANSWER, ESTABLISHED])
    expect(behind(opened, guest('RST', [101]), guest('RST', [5]))).toEqual([ESTABLISHED, ESTABLISHED])
  })

  test('one that follows its own data closes', () => {
    const data = outside('PSH ACK', [501, 101], { data: [1, 2, 3] })
    expect(behind([...opened, data], outside('RST', [504]), guest('SYN', [9000]))).toEqual([ANSWER, ESTABLISHED])
  })

  test('one without a number answers a SYN', () => {
    expect(behind([syn, outside('ACK', [7, 7])], guest('RST', [7]), syn)).toEqual([ESTABLISHED, NEW])
    expect(behind([syn, synAck], outside('RST', [0]))).toEqual([ANSWER])
    expect(behind([syn, synAck], guest('RST', [0]), syn)).toEqual([ESTABLISHED, NEW])
    expect(behind(opened, outside('RST', [0]))).toEqual([INVALID])
    expect(behind([syn, synAck, guest('ACK', [101, 501])], guest('RST ACK', [101, 0]))).toEqual([ESTABLISHED])
  })

  test('one that does not fit is remembered', () => {
    const far = outside('FIN ACK', [9_000_000, 101])
    expect(behind(opened, far, far, guest('ACK', [101, 501]))).toEqual([INVALID, INVALID, ESTABLISHED])
    expect(behind([...opened, outside('ACK', [501, 101])], guest('FIN ACK', [9_000_000, 501]))).toEqual([INVALID])
  })
})

describe('windows', () => {
  /** Of every segment that is made here. */
  const WINDOW = 0x7210
  const data = (length: number) => ({ data: Array(length).fill(1) })

  test('what lies beyond the window of the receiver is invalid', () => {
    expect(behind(opened, guest('ACK', [101 + 2 * WINDOW, 501]))).toEqual([INVALID])
    expect(behind(opened, guest('ACK', [101, 600]))).toEqual([INVALID])
    expect(behind(opened, guest('PSH ACK', [101, 501], data(20)), outside('ACK', [501, 121]))).toEqual([
      ESTABLISHED,
      ANSWER,
    ])
  })

  test('what was acknowledged already is ignored', () => {
    expect(behind(opened, guest('ACK', [101 - WINDOW - 50, 501]), guest('ACK', [101, 501 - 70_000]))).toEqual([
      ESTABLISHED,
      ESTABLISHED,
    ])
  })

  test('a little more than the window is taken, where the receiver has said that it reads on', () => {
    const more = guest('PSH ACK', [101 + WINDOW + 5, 501], data(10))
    expect(behind(opened, more, outside('ACK', [501, 101 + WINDOW + 15]))).toEqual([ESTABLISHED, ANSWER])
    const across = guest('PSH ACK', [101 + WINDOW - 5, 501], data(10))
    expect(behind(opened, across, outside('ACK', [501, 101 + WINDOW + 5]))).toEqual([ESTABLISHED, ANSWER])
    // But no further than one window more.
    expect(behind(opened, guest('PSH ACK', [101 + 2 * WINDOW - 11, 501], data(10)))).toEqual([ESTABLISHED])
    expect(behind(opened, guest('PSH ACK', [101 + 2 * WINDOW - 10, 501], data(10)))).toEqual([INVALID])
  })

  test('windows are scaled where both sides say so', () => {
    const scaled = [
      guest('SYN', [100], { option: 3 }),
      outside('SYN ACK', [500, 101], { option: 3 }),
      guest('ACK', [101, 501]),
      outside('ACK', [501, 101]),
    ]
    expect(behind(scaled, guest('ACK', [101 + WINDOW * 8, 501]))).toEqual([ESTABLISHED])
    const half = [guest('SYN', [100], { option: 3 }), synAck, guest('ACK', [101, 501]), outside('ACK', [501, 101])]
    expect(behind(half, guest('ACK', [101 + WINDOW * 8, 501]))).toEqual([INVALID])
  })

  test('selective acknowledgements count where they are permitted', () => {
    const permitted = [
      guest('SYN', [100], { option: 4 }),
      outside('SYN ACK', [500, 101], { option: 4 }),
      guest('ACK', [101, 501]),
    ]
    // Its blocks end at 2: far behind.
    expect(behind(permitted, outside('ACK', [501, 101], { option: 5 }))).toEqual([ANSWER])
    const blocks = patch(outside('ACK', [501, 101], { option: 5 }), 62, '00ffffff')
    expect(behind(permitted, blocks)).toEqual([INVALID])
  })

  test('a connection that was met on its way is taken as it comes', () => {
    const met = [guest('ACK', [5000, 800])]
    expect(behind(met, outside('ACK', [800, 5001]), guest('ACK', [5001, 800]))).toEqual([ANSWER, ESTABLISHED])
    expect(behind(met, outside('ACK', [800, 5000]), guest('ACK', [9_000_000, 1]))).toEqual([ANSWER, ESTABLISHED])
    expect(behind(met, outside('ACK', [900_000, 77]), guest('FIN ACK', [1, 1]))).toEqual([ANSWER, ESTABLISHED])
  })

  test('a SYN again, and a SYN that begins anew', () => {
    expect(behind([syn], guest('SYN', [5000]), outside('SYN ACK', [500, 5001]))).toEqual([NEW, ANSWER])
    expect(behind([syn, synAck], outside('SYN ACK', [500, 101]))).toEqual([ANSWER])
  })

  test.each([0, 1, 2, 30])('options of kind %i are read over', (option) => {
    expect(states(guest('SYN', [100], { option }), outside('SYN ACK', [500, 101], { option }))).toEqual([NEW, ANSWER])
  })

  test('options that are malformed end there', () => {
    // The checksum is that of another length: the difference is put into the urgent pointer.
    const odd = patch(patch(guest('SYN', [100], { option: 9 }), 55, '01'), 52, '0003')
    expect(states(odd, synAck)).toEqual([NEW, ANSWER])
  })

  test('a window of nothing', () => {
    const none = (frame: TraceFrame) => patch(frame, 48, '0000')
    // The checksum is that of another window: the difference is put into the urgent pointer.
    const fixed = (frame: TraceFrame) => patch(none(frame), 52, '7210')
    expect(states(fixed(syn), fixed(synAck))).toEqual([NEW, ANSWER])
  })
})
