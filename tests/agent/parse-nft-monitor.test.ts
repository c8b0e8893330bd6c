import { expect, test } from 'vitest'
import { openChange, takeMonitorLine } from '../../agent/observe/parse-nft-monitor.ts'
import { causeOf, UNKNOWN_CAUSE } from '../../agent/reconcile/cause-of.ts'
import type { TableChange } from '../../agent/reconcile/table-change.ts'

/** What `nft monitor` says of a transaction, and the sentence that comes of it. */
const CASES: readonly (readonly [string, string])[] = [
  [
    `delete rule bridge sluice pre handle 4
delete chain bridge sluice pre
delete table bridge sluice
delete rule ip filter FORWARD handle 2
delete table ip filter
# new generation 6 by process 20884 (nft)`,
    'nft, process 20884, flushed the whole ruleset (nft flush ruleset).',
  ],
  ['delete table bridge sluice\n# new generation 7 by process 5 (nft)', 'nft, process 5, deleted our tables.'],
  [
    'delete table bridge sluice\ndelete table ip firewalld\n# new generation 8 by process 911 (firewalld)',
    'Likely firewalld was reloaded or restarted (firewall-cmd --reload): firewalld, process 911, flushed the whole ruleset (nft flush ruleset).',
  ],
  [
    'delete rule bridge sluice a handle 1\ndelete rule bridge sluice b handle 2\n# new generation 9 by process 7 (nft)',
    'nft, process 7, deleted 2 rules of a.',
  ],
  [
    'insert rule bridge sluice prerouting accept\n# new generation 9 by process 7 (nft)',
    'nft, process 7, put a rule first into prerouting.',
  ],
  [
    'add rule bridge sluice prerouting accept\n# new generation 9 by process 7 (nft)',
    'nft, process 7, put a rule into prerouting.',
  ],
  [
    'replace rule bridge sluice x accept\n# new generation 9 by process 7 (nft)',
    'nft, process 7, replaced a rule of x.',
  ],
  [
    'delete element bridge sluice s { "vnet0" }\n# new generation 9 by process 7 (nft)',
    'nft, process 7, took an element out of s.',
  ],
  [
    'add element bridge sluice s { "vnet0" }\nadd element bridge sluice s { "vnet1" }\n# new generation 9',
    'Somebody put 2 elements into s.',
  ],
  [
    'add chain bridge sluice x { type filter hook input priority 0; policy drop; }\n# new generation 9 by process 7 (nft)',
    'nft, process 7, added or changed chain x.',
  ],
  ['delete chain bridge sluice x\n# new generation 9 by process 7 (nft)', 'nft, process 7, deleted chain x.'],
  [
    'add set bridge sluice x { type ifname; }\n# new generation 9 by process 7 (a) b (c)',
    'a) b (c, process 7, changed something in our tables.',
  ],
  [
    'delete rule ip sluice forward handle 3\n# new generation 10 by process 12 (iptables-restor)',
    'Likely iptables-restore: iptables-restor, process 12, deleted a rule of forward.',
  ],
]

test.each(CASES)('%s', (text, cause) => {
  expect(causeOf(read(text))).toBe(cause)
})

test('nothing was heard', () => expect(causeOf(undefined)).toBe(UNKNOWN_CAUSE))

test('our own transactions carry a mark in our own table, and nobody else’s do', () => {
  const mark = (table: string, counter: string) =>
    read(`add counter bridge ${table} ${counter} { comment "0123abc" packets 0 bytes 0 }\n# new generation 3`).mark
  expect(mark('sluice', 'generation.4')).toBe('0123abc')
  expect(mark('other', 'generation.4')).toBeUndefined()
  expect(mark('sluice', 'clean-traffic.1')).toBeUndefined()
})

test('lines that are no operation are passed over', () => {
  const open = openChange()
  for (const line of [
    '',
    'table bridge sluice {',
    '\t}',
    '# ERROR: something',
    'add table',
    `add rule ${'x'.repeat(10_000)}`,
  ])
    expect(takeMonitorLine(open, line)).toBeUndefined()
  expect(open.tables.size).toBe(0)
})

function read(text: string): TableChange {
  const open = openChange()
  const found = text.split('\n').map((line) => takeMonitorLine(open, line))
  const change = found.at(-1)
  if (change === undefined) throw new Error('no end')
  return change
}
