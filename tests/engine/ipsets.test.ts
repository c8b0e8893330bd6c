import { describe, expect, test } from 'vitest'
import { LEAST_CAPABILITIES, lowerHost, parseIpsets, printScript } from '#engine'
import { frameOf } from '../../engine/backends/nftables/frame-of.ts'
import { printChange } from '../../engine/backends/nftables/print-change.ts'
import { rulesetOf } from '../../engine/backends/nftables/ruleset-of.ts'
import { filtersWith, placeAll } from '../support/nft-host.ts'

const SAVED = `create friends hash:ip family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0x1 counters comment
add friends 192.0.2.1 packets 0 bytes 0 comment "two words"
add friends 192.0.2.8/30
create nets hash:net family inet6
add nets 2001:db8::/32
create web hash:ip,port
add web 192.0.2.1,80
add web 192.0.2.1,udp:53-60
create macs hash:mac
add macs 52:54:00:00:00:01
create ports bitmap:port range 0-1023
add ports 22
`
const setsOf = (text: string) => new Map((parseIpsets(text, 'sets').value ?? []).map((set) => [set.name, set]))

describe('ipset save', () => {
  test('is read with its entries as values and ranges', () => {
    const { value, diagnostics } = parseIpsets(SAVED, 'sets')
    expect(diagnostics).toEqual([])
    expect(value?.map(({ name, family, dimensions, entries }) => [name, family, dimensions, entries])).toEqual([
      ['friends', 'ip', ['address'], [['192.0.2.1'], [{ first: '192.0.2.8', last: '192.0.2.11' }]]],
      ['nets', 'ip6', ['address'], [[{ first: '2001:db8::', last: '2001:db8:ffff:ffff:ffff:ffff:ffff:ffff' }]]],
      [
        'web',
        'ip',
        ['address', 'port'],
        [
          ['192.0.2.1', '6', '80'],
          ['192.0.2.1', '17', { first: '53', last: '60' }],
        ],
      ],
      ['macs', undefined, ['mac'], [['52:54:00:00:00:01']]],
      [
        'ports',
        undefined,
        ['port'],
        [
          ['6', '22'],
          ['17', '22'],
        ],
      ],
    ])
  })

  test.each([
    ['create a hash:ip timeout 300', '“timeout”'],
    ['create a hash:ip netmask 24', '“netmask”'],
    ['create a list:set', 'nftables has no set like list:set'],
    ['create a hash:ip family inet5', '“inet5” is no family'],
    ['create a hash:ip\ncreate a hash:ip', 'The set a is created twice.'],
    ['add a 1.2.3.4', 'The set a is not created above.'],
    ['flush a', '“flush” is no command'],
    ['create a hash:net\nadd a 10.0.0.0/8 nomatch', '“nomatch”'],
    ['create a hash:ip\nadd a 10.0.0.0/33', '“10.0.0.0/33” is no IPv4 address or network'],
    ['create a hash:ip\nadd a 10.0.0.9-10.0.0.1', 'is no IPv4 address'],
    ['create a hash:ip family inet6\nadd a 10.0.0.1', 'is no IPv6 address'],
    ['create a hash:ip\nadd a 10.0.0.1,80', 'has not the 1 parts'],
    ['create a hash:ip,port\nadd a 10.0.0.1,icmp:8', '“icmp:8” is no port'],
    ['create a bitmap:port range 0-9\nadd a 9-1', '“9-1” is no port'],
    ['create a bitmap:port range 0-9\nadd a tcp:9', '“tcp:9” is no port'],
    ['create a hash:mac\nadd a 52:54', '“52:54” is no MAC address'],
  ])('%j is an error that names it', (text, words) => {
    const { value, diagnostics } = parseIpsets(text, 'sets')
    expect(value).toBeUndefined()
    expect(diagnostics).toEqual([expect.objectContaining({ code: 'NWF374', severity: 'error' })])
    expect(diagnostics[0]?.message).toContain(words)
  })
})

describe('entries', () => {
  const read = (type: string, entry: string) => {
    const { value, diagnostics } = parseIpsets(`create a ${type}\nadd a ${entry}\n`, 'sets')
    return value?.[0]?.entries ?? diagnostics[0]?.message
  }

  test.each([
    ['hash:ip', '10.0.0.1-10.0.0.1', [['10.0.0.1']]],
    ['hash:ip', '10.0.0.1-10.0.0.9', [[{ first: '10.0.0.1', last: '10.0.0.9' }]]],
    ['hash:ip', '10.0.0.1/32 comment "a b"', [['10.0.0.1']]],
    ['hash:net family inet6', '2001:db8::1/128', [['2001:db8::1']]],
    [
      'hash:net family inet6',
      '2001:db8::/63 comment x',
      [[{ first: '2001:db8::', last: '2001:db8:0:1:ffff:ffff:ffff:ffff' }]],
    ],
    ['hash:ip,port', '10.0.0.1,sctp:80-80', [['10.0.0.1', '132', '80']]],
    ['hash:ip,mac', '10.0.0.1,52:54:00:0:0:1', [['10.0.0.1', '52:54:00:00:00:01']]],
    [
      'bitmap:port range 0-99',
      '7-9',
      [
        ['6', { first: '7', last: '9' }],
        ['17', { first: '7', last: '9' }],
      ],
    ],
  ])('%s %s', (type, entry, expected) => {
    expect(read(type, entry)).toEqual(expected)
  })

  test.each([
    ['hash:ip', 'here'],
    ['hash:ip', '10.0.0.1/x'],
    ['hash:ip', '10.0.0.1-there'],
    ['hash:net family inet6', '2001:db8::1-2001:db8::9'],
    ['hash:net family inet6', '2001:db8::/129'],
    ['hash:ip,port', '10.0.0.1,tcp:65536'],
    ['hash:ip,port', '10.0.0.1,gre:1'],
    ['hash:ip,port', '10.0.0.1,http'],
    ['hash:ip,mac', '10.0.0.1,52:54'],
    ['bitmap:port range 0-99', '70000'],
  ])('%s %s is none', (type, entry) => {
    expect(read(type, entry)).toMatch(/ is no | has not /)
  })
})

describe('rules with ipset', () => {
  const filter = (element: string) =>
    filtersWith({ f: `<filter name='f'><rule action='drop' direction='out'>${element}</rule></filter>` }, 'strict')
  const script = (element: string, sets = SAVED) => {
    const nics = placeAll(filter(element), [{ portDevice: 'a', filter: 'f' }], 'strict')
    const options = { capabilities: LEAST_CAPABILITIES, observed: new Set<string>(), ipsets: setsOf(sets) }
    const parts = lowerHost(nics, options)
    const [found] = [...parts.diagnostics.values()].flat()
    return found === undefined ? printScript(rulesetOf(parts, LEAST_CAPABILITIES)) : `${found.code} ${found.message}`
  }

  test.each([
    [`<all ipset='friends' ipsetflags='dst'/>`, 'ip daddr @ipset.friends.ip-address counter'],
    [`<all ipset='friends' ipsetflags='src,dst' match='no'/>`, 'ip saddr != @ipset.friends.ip-address counter'],
    [`<all-ipv6 ipset='nets' ipsetflags='src'/>`, 'ip6 saddr @ipset.nets.ip6-address counter'],
    [
      `<all ipset='web' ipsetflags='dst,dst'/>`,
      '@th,0,24 & 0x0 == 0x0 ip daddr . meta l4proto . th dport @ipset.web.ip-address-port counter',
    ],
    [`<all ipset='macs' ipsetflags='src'/>`, 'ether saddr @ipset.macs.mac counter'],
    [`<all-ipv6 ipset='ports' ipsetflags='dst'/>`, 'meta l4proto . th dport @ipset.ports.port counter'],
  ])('%s', (element, expected) => {
    expect(script(element)).toContain(expected)
  })

  test('are refused without their set, or with one of the other version, and where a packet must not be in a set with ports', () => {
    expect(script(`<all ipset='foes' ipsetflags='src'/>`)).toMatch(/^NWF371 .* there is no set foes of ours/)
    expect(script(`<all ipset='nets' ipsetflags='src'/>`)).toMatch(/^NWF371 .* of the other IP version/)
    expect(script(`<all ipset='web' ipsetflags='src'/>`)).toMatch(/^NWF371 .* an entry of the set web has 2 parts/)
    expect(script(`<all ipset='web' ipsetflags='src,src' match='no'/>`)).toMatch(/^NWF372 /)
  })

  test('see no entry that another covers, and keep those that only touch', () => {
    const sets = `create web hash:net,port
add web 10.0.0.0/8,80-90
add web 10.1.0.0/16,85
add web 10.1.0.0/16,80-90
add web 10.0.0.0/8,80-90
add web 10.2.0.0/16,91-99
add web 192.0.2.0/24,85
`
    expect(script(`<all ipset='web' ipsetflags='dst,dst'/>`, sets)).toContain(
      `elements = { 10.0.0.0-10.255.255.255 . 6 . 80-90,
\t\t\t     10.2.0.0-10.2.255.255 . 6 . 91-99,
\t\t\t     192.0.2.0-192.0.2.255 . 6 . 85 }`,
    )
    const one = `create nets hash:net\nadd nets 10.1.0.0/16\nadd nets 10.0.0.0/16\nadd nets 10.0.7.0/24\nadd nets 10.9.0.0/16\n`
    expect(script(`<all ipset='nets' ipsetflags='dst'/>`, one)).toContain('elements = { 10.0.0.0-10.1.255.255,\n')
  })

  test('change by elements alone when the set does', () => {
    const nics = placeAll(
      filter(`<all ipset='friends' ipsetflags='dst'/>`),
      [{ portDevice: 'a', filter: 'f' }],
      'strict',
    )
    const [before, after] = [SAVED, `${SAVED}add friends 198.51.100.7\n`.replace('add friends 192.0.2.1 ', '# ')].map(
      (text) => {
        const parts = lowerHost(nics, { capabilities: LEAST_CAPABILITIES, observed: new Set(), ipsets: setsOf(text) })
        return { parts, frame: frameOf(parts, LEAST_CAPABILITIES), generations: undefined }
      },
    )
    if (before === undefined || after === undefined) throw new Error('two hosts')
    expect(printChange(before, after).trim().split('\n')).toEqual([
      'delete element bridge sluice ipset.friends.ip-address { 192.0.2.1 }',
      'add element bridge sluice ipset.friends.ip-address { 198.51.100.7 }',
    ])
    expect(printChange(before, before)).toBe('')
  })
})
