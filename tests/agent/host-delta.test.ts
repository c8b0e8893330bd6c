import { expect, test } from 'vitest'
import type { HostState, KernelChain, PortDeviceState } from '../../agent/link/contract.ts'
import { deltaReader, deltaWriter } from '../../agent/link/host-delta.ts'

const FILTERS = [{ name: 'f', xml: '<filter name="f"/>'.repeat(50) }]
const chain = (packets: number): readonly KernelChain[] => [
  { name: 'f-out', rules: [{ text: 'counter name "f.1" accept', packets, bytes: packets * 60 }] },
]

function device(portDevice: string, more: Partial<PortDeviceState> = {}): PortDeviceState {
  return {
    portDevice,
    present: true,
    isObserved: false,
    lastApplied: {
      at: 'then',
      filter: 'f',
      bindingXml: `<filterbinding>${portDevice}</filterbinding>`,
      filters: FILTERS,
    },
    kernel: chain(0),
    elements: [`from-guest "${portDevice}" : goto f-out`],
    drift: 'in-sync',
    broken: null,
    learning: null,
    counters: [{ key: 'f.1', packets: 0, bytes: 0 }],
    countersSince: 'then',
    ...more,
  }
}

function host(sequence: number, portDevices: readonly PortDeviceState[], more: Partial<HostState> = {}): HostState {
  return {
    host: 'kvm-07',
    mode: 'host',
    rootless: false,
    backend: 'nftables',
    sets: [],
    sequence,
    at: `${sequence}`,
    capabilities: { bridgeConntrack: false, markMask: 0xffff0000 },
    generation: 'abc',
    healing: { policy: { kind: 'now' }, pausedUntil: null, pauseReason: null, stoppedAt: null, drift: null },
    windows: [],
    timeline: [],
    foreign: [],
    found: { bindings: [], problems: [] },
    portDevices,
    ...more,
  }
}

const MANY = Array.from({ length: 500 }, (_, at) => `tap${String(at).padStart(3, '0')}`)

test('what is heard is what was told, report for report, over the wire', () => {
  const [write, read] = [deltaWriter(), deltaReader()]
  const entry = { number: 1, at: 'now', kind: 'applied' as const, text: 'Applied.', portDevices: [] }
  const reports = [
    host(1, []),
    host(
      2,
      MANY.map((name) => device(name)),
    ),
    host(
      3,
      MANY.map((name) => device(name, { kernel: chain(7), counters: [{ key: 'f.1', packets: 7, bytes: 420 }] })),
      { timeline: [entry] },
    ),
    // One goes, one comes, one has drifted, and one has no filter any more.
    host(4, [
      ...MANY.slice(1).map((name) =>
        device(
          name,
          name === 'tap007'
            ? { drift: 'drifted' }
            : name === 'tap008'
              ? { lastApplied: null, kernel: [], counters: [] }
              : {},
        ),
      ),
      device('vnet0', { learning: { status: 'waiting', since: 'now', addresses: [], ignored: 0, note: null } }),
    ]),
    host(5, [], { generation: '' }),
    host(
      6,
      MANY.map((name) => device(name)),
    ),
  ]
  for (const report of reports) expect(read(JSON.parse(JSON.stringify(write(report))))).toEqual(report)
})

test('a second in which only counts change costs as much for five hundred NICs as for one', () => {
  const sizes = [1, 500].map((count) => {
    const write = deltaWriter()
    const report = (packets: number) =>
      host(
        packets,
        MANY.slice(0, count).map((name) =>
          device(name, { kernel: chain(packets), counters: [{ key: 'f.1', packets, bytes: packets * 60 }] }),
        ),
      )
    write(report(1))
    return JSON.stringify(write(report(2))).length
  })
  expect(sizes[1]).toBe(sizes[0])
})

test('a listener that comes later is told everything', () => {
  const report = host(1, [device('vnet0')])
  deltaWriter()(report)
  expect(deltaReader()(deltaWriter()(report))).toEqual(report)
})

test('a delta that names what was never told is refused', () => {
  const write = deltaWriter()
  write(host(1, [device('vnet0')]))
  const delta = write(host(2, [device('vnet0'), device('vnet1')]))
  expect(() => deltaReader()(delta)).toThrow('never told')
})
