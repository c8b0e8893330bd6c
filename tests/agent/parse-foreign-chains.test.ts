import { expect, test } from 'vitest'
import { parseForeignChains } from '../../agent/observe/parse-foreign-chains.ts'
import { splitTables } from '../../agent/observe/split-tables.ts'

const TEXT = `table bridge sluice { # handle 1
	chain prerouting { # handle 2
		type filter hook prerouting priority dstnat; policy accept;
		iifname vmap @from-guest # handle 3
	}
}
table bridge nat { # handle 2
	chain PREROUTING { # handle 1
		type filter hook prerouting priority dstnat; policy accept;
		ether saddr 52:54:00:00:00:01 counter packets 12 bytes 99 drop # handle 2
	}

	chain POSTROUTING { # handle 3
		type filter hook postrouting priority srcnat; policy accept;
	}

	chain libvirt-I-vnet0 { # handle 4
		counter packets 0 bytes 0 accept # handle 5
	}
}
table bridge other {
	chain late {
		type filter hook postrouting priority srcnat + 10; policy accept;
		accept
	}

	chain closed {
		type filter hook forward priority filter - 5; policy drop;
	}
}
`

test('base chains of others with rules, or that do not accept', () => {
  const found = parseForeignChains(TEXT)
  expect(
    found.map(({ table, chain, hook, priority, policy, isAhead }) => [table, chain, hook, priority, policy, isAhead]),
  ).toEqual([
    ['nat', 'PREROUTING', 'prerouting', -300, 'accept', true],
    ['other', 'late', 'postrouting', 310, 'accept', false],
    ['other', 'closed', 'forward', -205, 'drop', true],
  ])
  // What was counted is no change.
  expect(found[0]?.rules).toEqual(['ether saddr 52:54:00:00:00:01 counter drop'])
})

test('a ruleset is split into its tables', () => {
  expect([...splitTables(TEXT).keys()]).toEqual(['bridge sluice', 'bridge nat', 'bridge other'])
  expect([...splitTables(TEXT).values()].join('')).toBe(TEXT)
  expect(splitTables('').size).toBe(0)
})
