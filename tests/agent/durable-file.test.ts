import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readDurable, writeDurable } from '../../agent/host/durable-file.ts'
import { readState, writeNote, writeState } from '../../agent/host/state-file.ts'
import { EMPTY_STATE } from '../../agent/reconcile/agent-state.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-durable-'))
  file = join(folder, 'thing.json')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const write = (text: string) => writeDurable(file, text, { header: true, previous: true, sync: true })

test('what was written is read, and what was before it is kept', () => {
  write('one')
  write('two')
  expect(readDurable(file, 'now')).toEqual({ text: 'two', source: 'current', setAside: [] })
  expect(readFileSync(`${file}.previous`, 'utf8')).toMatch(/\none$/)
  expect(statSync(file).mode & 0o777).toBe(0o600)
})

test('nothing was written', () => {
  expect(readDurable(file, 'now')).toEqual({ text: undefined, source: 'none', setAside: [] })
})

test('a file that is cut anywhere, or changed anywhere, is set aside, and the one before it is taken', () => {
  write('one'.repeat(20))
  write('two'.repeat(20))
  const whole = readFileSync(file)
  for (let at = 0; at < whole.length; at += 1) {
    for (const damage of [
      whole.subarray(0, at),
      Buffer.concat([whole.subarray(0, at), Buffer.from('#'), whole.subarray(at + 1)]),
    ]) {
      writeFileSync(file, damage)
      const { text, source, setAside } = readDurable(file, `${at}`)
      expect({ text, source }).toEqual({ text: 'one'.repeat(20), source: 'previous' })
      expect(setAside).toEqual([{ file: `${file}.damaged-${at}`, problem: expect.any(String) }])
      expect(readFileSync(`${file}.damaged-${at}`)).toEqual(damage)
    }
  }
})

test('a crash in the middle of writing leaves one of the two', () => {
  write('one')
  // Cut before it was whole: it was never there.
  writeFileSync(`${file}.new`, 'sluice 1 sha')
  expect(readDurable(file, 'now')).toMatchObject({ text: 'one', source: 'current' })
  // Whole, and not yet in place, when the one in place is damaged.
  write('two')
  const whole = readFileSync(file)
  writeFileSync(`${file}.new`, whole)
  writeFileSync(file, '')
  expect(readDurable(file, 'now')).toMatchObject({ text: 'two', source: 'new', setAside: [{ problem: 'it is empty' }] })
})

test('a state comes back as it was, without what is only seen; a damaged one is told of', () => {
  const filters = [{ name: 'f', xml: '<filter/>' }]
  const device = { at: 'then', filter: 'f', bindingXml: '<filterbinding/>', filters, fingerprint: 'x' }
  const state = {
    ...EMPTY_STATE,
    applied: { vnet0: device, vnet1: device },
    totals: { k: { packets: 1, bytes: 2, seenPackets: 1, seenBytes: 2 } },
  }
  writeState(folder, { ...state, live: null })
  expect(readState(folder, '2026-01-01T00:00:00.000Z')).toEqual(state)
  // Devices share the text of their filters, also on the disk.
  expect(readFileSync(join(folder, 'state.json'), 'utf8').split('<filter/>')).toHaveLength(2)
  writeFileSync(join(folder, 'state.json'), 'nonsense')
  const damaged = readState(folder, '2026-01-01T00:00:00.000Z')
  expect(damaged).toMatchObject({ applied: {}, lostAt: '2026-01-01T00:00:00.000Z' })
  expect(damaged.timeline).toMatchObject([
    { kind: 'memory', text: expect.stringContaining('The rules in the kernel stay') },
  ])
  expect(readdirSync(folder)).toContain('state.json.damaged-20260101T000000000Z')
})

test('a note tells of what is pending, until the state is written', () => {
  const pending = {
    generation: 'abc',
    devices: { vnet0: null },
    broken: {},
    opens: null,
    closes: null,
    why: 'asked',
    by: null,
  } as const
  writeNote(folder, { ...EMPTY_STATE, pending })
  expect(readState(folder, 'now').pending).toEqual(pending)
  writeState(folder, EMPTY_STATE)
  expect(readState(folder, 'now').pending).toBeNull()
})
