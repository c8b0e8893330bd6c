import { describe, expect, test } from 'vitest'
import { filterXml, type traceOver, verdictsOver } from '../support/trace-over.ts'
import { packetOut } from '../support/trace-packets.ts'

const drop = (element: string) => filterXml(`<rule action='drop' direction='out'>${element}</rule>`)
const overWith = (
  element: string,
  parameters: Readonly<Record<string, readonly string[]>>,
  ...frames: Parameters<typeof traceOver>[1]
) => verdictsOver({ filters: [drop(element)], parameters }, ...frames)

const udp = packetOut({ protocol: 17 })
const udp6 = packetOut({ v6: true, protocol: 17 })
const tcp = packetOut({ protocol: 6 })

describe('a value that the tools refuse is in no kernel, so that nothing can be said', () => {
  test.each([
    [`<udp dstportstart='$A'/>`, udp, 'http'],
    [`<tcp option='$A'/>`, tcp, 'x'],
    [`<icmp type='$A'/>`, packetOut({ protocol: 1 }), 'x'],
    [`<all srcipaddr='$A'/>`, udp, 'x'],
    [`<all srcipaddr='10.0.0.1' srcipmask='$A'/>`, udp, '33'],
    [`<all srcipaddr='10.0.0.1' srcipmask='$A'/>`, udp, '255.0.255.0'],
    [`<all srcipaddr='10.0.0.1' srcipmask='$A'/>`, udp, 'x'],
    [`<all srcipfrom='$A' srcipto='10.0.0.9'/>`, udp, 'x'],
    [`<udp srcmacaddr='$A'/>`, udp, 'x'],
    [`<mac srcmacaddr='$A'/>`, udp, 'x'],
    [`<mac srcmacaddr='52:54:00:00:00:10' srcmacmask='$A'/>`, udp, 'x'],
    [`<mac protocolid='$A'/>`, udp, 'x'],
    [`<ip srcipaddr='$A'/>`, udp, 'x'],
    [`<ip srcipaddr='10.0.0.1' srcipmask='$A'/>`, udp, '33'],
    [`<ip protocol='$A'/>`, udp, 'x'],
    [`<ip protocol='udp' dstportstart='$A'/>`, udp, 'x'],
    [`<ipv6 srcipaddr='$A'/>`, udp6, 'x'],
    [`<ipv6 protocol='icmpv6' type='$A'/>`, packetOut({ v6: true, protocol: 58 }), 'x'],
    [`<all-ipv6 srcipaddr='2001:db8::1' srcipmask='$A'/>`, udp6, '129'],
  ])('%s', (element, frame, value) => {
    expect(overWith(element, { A: [value] }, frame)).toEqual(['not-modelled'])
  })
})

describe('a value in other words', () => {
  test.each([
    [`<all srcipaddr='192.0.2.99' srcipmask='$A'/>`, '255.255.255.0', '24'],
    [`<ip srcipaddr='192.0.2.99' srcipmask='$A'/>`, '255.255.255.0', '24'],
    // ebtables reads it as hexadecimal, whatever it says.
    [`<mac protocolid='$A'/>`, '0x800', '800'],
    [`<ip protocol='$A'/>`, 'udp', '17'],
  ])('%s: %s is %s', (element, words, number) => {
    expect(overWith(element, { A: [words] }, udp)).toEqual(['drop'])
    expect(overWith(element, { A: [number] }, udp)).toEqual(overWith(element, { A: [words] }, udp))
  })
})
