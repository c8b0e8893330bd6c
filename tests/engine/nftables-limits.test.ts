import { describe, expect, test } from 'vitest'
import { LEAST_CAPABILITIES, lowerHost, printScript, rowsOfDevice } from '#engine'
import { rulesetOf } from '../../engine/backends/nftables/ruleset-of.ts'
import { filtersWith, placeAll, type TestNic } from '../support/nft-host.ts'

const BOTH = `<filter name='both'><rule action='drop' direction='out'><tcp connlimit-above='3' dstportstart='22'/></rule>
  <rule action='reject' direction='in'><tcp connlimit-above='$MANY' match='no'/></rule><rule action='accept' direction='inout'><all/></rule></filter>`
const IN6 = `<filter name='in6'><rule action='accept' direction='in'><tcp-ipv6 connlimit-above='1'/></rule></filter>`
const REJECTS = `<filter name='rejects'><rule action='reject' direction='in'><udp/></rule></filter>`
const filters = filtersWith({ both: BOTH, in6: IN6, rejects: REJECTS })

function lower(nics: readonly TestNic[], markMask = LEAST_CAPABILITIES.markMask) {
  const capabilities = { ...LEAST_CAPABILITIES, markMask }
  const parts = lowerHost(placeAll(filters, nics), { capabilities, observed: new Set() })
  return { parts, text: printScript(rulesetOf(parts, capabilities)) }
}

const nic = (portDevice: string, filter = 'both'): TestNic => ({ portDevice, filter, parameters: { MANY: '2' } })

describe('limits of connections', () => {
  test('stand in the table of their IP version, with counts of their own for the host', () => {
    const { text, parts } = lower([nic('a')])
    expect(parts.parts.get('a')?.apart).toBe('its connections are counted')
    expect(text).toContain(
      'meta l4proto tcp th dport 22 add @both/a-ip-out.limit1 { ip saddr ct count over 3 } counter name "both.3a7fff-out" drop',
    )
    expect(text).toContain('th dport 22 add @both/a-ip-out.host.limit1 { ip saddr ct count over 3 }')
    expect(text).toContain('meta l4proto tcp add @both/a-ip-in.limit1 { ip saddr ct count 2 }')
    expect(text).toMatch(/ct count 2 } counter name "both\.\w+-in" reject comment/)
    expect(text).not.toContain('@both/a-ip-in.host')
    expect(text).not.toContain('table ip6 sluice {')
  })

  test('name their NIC in free bits of the mark, as few as are needed, in the order of names', () => {
    const { text } = lower([nic('b'), nic('a'), nic('c', 'in6')])
    // Two send, three receive: two bits each, above state and reject.
    expect(text).toContain(
      'meta mark & 0x00300000 vmap { 0x00100000 : jump both/a-ip-out, 0x00200000 : jump both/b-ip-out }',
    )
    expect(text).toContain(
      'meta mark & 0x00c00000 vmap { 0x00400000 : jump both/a-ip-in, 0x00800000 : jump both/b-ip-in }',
    )
    expect(text).toContain('meta mark & 0x00c00000 vmap { 0x00c00000 : jump in6/c-ip6-in }')
    expect(text).toMatch(/chain both\/b-ip-out \{\n\t\tmeta mark set meta mark & 0xffcfffff \| 0x00200000 return/)
    expect(text).toContain('"c" : jump in6/c-ip6-in')
  })

  test('of the sender are counted before the receiver judges, and what that rejects never passes', () => {
    const { text } = lower([nic('a'), nic('r', 'rejects')])
    const chains = [...text.matchAll(/\tchain (forward[a-z-]*) \{\n((?:\t\t[^\n]*\n)*)/g)]
    const bridge = chains.slice(0, 3).map(([, name, body = '']) => [name, body.trim().split('\n\t\t').slice(1)])
    expect(bridge).toEqual([
      [
        'forward',
        [
          'ether type ip iifname vmap @ip-from-guest',
          'ether type ip oifname vmap @ip-limited-to-guest',
          'meta mark & 0x00100000 != 0x00000000 accept comment "its connections are counted first"',
          'ether type ip oifname vmap @ip-to-guest',
        ],
      ],
      ['forward-counted', ['ether type ip meta mark & 0x00100000 != 0x00000000 oifname vmap @ip-to-guest']],
      ['forward-guard', [expect.stringContaining('drop')]],
    ])
    expect(text).toMatch(/chain forward-guard \{\n\t\ttype filter hook forward priority 2;/)
    // Who sends, what a shared chain rejected, who gets.
    expect(chains[3]?.[2]).toMatch(
      /vmap \{ 0x00100000 : jump both\/a-ip-out \}\n.*reject with icmp.*\n.*jump both\/a-ip-in/,
    )
  })

  test('need a bit of the mark for each doubling of NICs, and are refused where there is none', () => {
    const found = lower([nic('a'), nic('b'), nic('c', 'in6'), nic('d', 'rejects')], 0x3f)
    expect([...found.parts.parts.keys()]).toEqual(['a', 'd'])
    expect(found.parts.diagnostics.get('b')?.[0]?.code).toBe('NWF372')
    expect(found.parts.diagnostics.get('c')?.[0]?.message).toContain('do not tell c apart')
    expect([...lower([nic('a'), nic('b'), nic('c', 'in6')], 0xff).parts.parts.keys()]).toEqual(['a', 'b', 'c'])
  })

  test('stand among the rules that packets of the NIC meet, with what they count in front', () => {
    const { parts } = lower([nic('a')])
    const sections = rowsOfDevice(rulesetOf(parts, LEAST_CAPABILITIES), 'a')
    expect(
      sections.map(({ place, rows }) => [place, rows.map((row) => [row.chain, row.match, row.statement])]),
    ).toEqual([
      [
        'ip from-guest',
        [
          [
            'ip both/a-ip-out',
            'meta l4proto tcp th dport 22 add @both/a-ip-out.limit1 { ip saddr ct count over 3 }',
            'drop',
          ],
          ['ip both/a-ip-out', '', 'return'],
        ],
      ],
      [
        'ip limited-to-guest',
        [
          ['ip both/a-ip-in', 'meta l4proto tcp add @both/a-ip-in.limit1 { ip saddr ct count 2 }', 'reject'],
          ['ip both/a-ip-in', '', 'accept'],
        ],
      ],
    ])
  })

  test.each([
    [
      `<rule action='reject' direction='in'><tcp-ipv6 connlimit-above='1'/></rule>`,
      'ip6 saddr ct count over 1 } counter',
    ],
    [`<rule action='return' direction='out'><tcp connlimit-above='1'/></rule>`, 'ip saddr ct count over 1 } counter'],
  ])('%s', (rule, expected) => {
    const own = filtersWith({
      f: `<filter name='f'>${rule}<rule action='drop' direction='inout'><tcp/></rule></filter>`,
    })
    const parts = lowerHost(placeAll(own, [{ portDevice: 'a', filter: 'f' }]), {
      capabilities: LEAST_CAPABILITIES,
      observed: new Set(),
    })
    expect(printScript(rulesetOf(parts, LEAST_CAPABILITIES))).toContain(expected)
  })

  test('an observed NIC has its own counters there too', () => {
    const inputs = placeAll(filters, [nic('a')])
    const parts = lowerHost(inputs, { capabilities: LEAST_CAPABILITIES, observed: new Set(['a']) })
    expect(printScript(rulesetOf(parts, LEAST_CAPABILITIES))).toContain('counter name "a/both.')
  })
})
