import { expect, test } from 'vitest'
import type { HealPolicy } from '../../agent/link/contract.ts'
import { decideHeal, type Healing, healDue, NO_DRIFT } from '../../agent/reconcile/healing.ts'
import { expiredWindow, windowDue, windowOf } from '../../agent/reconcile/windows.ts'

const at = (second: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString()
const drifted = (more: Partial<Healing> = {}): Healing => ({
  ...NO_DRIFT,
  drift: { since: at(0), cause: '', differences: [], portDevices: [] },
  ...more,
})
const after = (seconds: number): HealPolicy => ({ kind: 'after', seconds })

test.each<readonly [string, Healing, number, ReturnType<typeof decideHeal>]>([
  ['nothing drifted', NO_DRIFT, 0, 'wait'],
  ['at once', drifted(), 0, 'heal'],
  ['when somebody asks', drifted({ policy: { kind: 'ask' } }), 9999, 'wait'],
  ['too early', drifted({ policy: after(30) }), 29, 'wait'],
  ['in time', drifted({ policy: after(30) }), 30, 'heal'],
  ['paused', drifted({ pausedUntil: at(60) }), 59, 'wait'],
  ['not paused any more', drifted({ pausedUntil: at(60) }), 60, 'heal'],
  ['stopped', drifted({ stoppedAt: at(0) }), 9999, 'wait'],
  ['healed twice of late', drifted({ heals: [at(0), at(1)] }), 2, 'heal'],
  ['healed three times of late', drifted({ heals: [at(0), at(1), at(2)] }), 3, 'stop'],
  ['healed three times within five minutes', drifted({ heals: [at(0), at(1), at(2)] }), 299, 'stop'],
  ['the first of three is five minutes old', drifted({ heals: [at(0), at(1), at(2)] }), 300, 'heal'],
])('%s', (_, healing, second, decision) => {
  expect(decideHeal(healing, at(second))).toBe(decision)
})

test('when the time has come', () => {
  expect(healDue(NO_DRIFT)).toBeUndefined()
  expect(healDue(drifted({ policy: { kind: 'ask' } }))).toBeUndefined()
  expect(healDue(drifted({ stoppedAt: at(0) }))).toBeUndefined()
  expect(healDue(drifted({ policy: after(30) }))).toBe(Date.parse(at(30)))
  expect(healDue(drifted({ policy: after(30), pausedUntil: at(90) }))).toBe(Date.parse(at(90)))
})

const window = (id: string, until: number, name: string) => ({
  id,
  key: 'k',
  by: null,
  openedAt: at(10),
  until: at(until),
  before: { [name]: null },
})
const WINDOWS = { windows: { a: window('a', 100, 'vnet0'), b: window('b', 50, 'vnet1') } }

test('windows end at their time, and when the clock was set back behind their opening', () => {
  expect(windowDue({ windows: {} })).toBeUndefined()
  expect(windowDue(WINDOWS)).toBe(Date.parse(at(50)))
  expect(expiredWindow(WINDOWS, at(49))).toBeUndefined()
  expect(expiredWindow(WINDOWS, at(50))?.id).toBe('b')
  // NTP may step back a little.
  expect(expiredWindow(WINDOWS, at(9))).toBeUndefined()
  expect(expiredWindow(WINDOWS, at(1))?.id).toBe('a')
})

test('a window belongs to its devices, whatever they are called', () => {
  expect(windowOf(WINDOWS, ['vnet1'])?.id).toBe('b')
  expect(windowOf(WINDOWS, ['vnet2', 'toString', '__proto__'])).toBeUndefined()
})
