import { describe, expect, test } from 'vitest'
import { cleanNics, filtersWith, placeAll, transactionTo } from '../support/nft-host.ts'

const builtins = filtersWith()
const countOf = (text: string, pattern: RegExp) => text.match(pattern)?.length ?? 0
/** Rules stand two tabs deep in chains, which begin so. */
const rulesIn = (text: string) =>
  [...text.matchAll(/\tchain [^\n]*\n((?:\t\t[^\n]*\n)*)/g)].reduce(
    (sum, [, body = '']) => sum + body.split('\n').length - 1,
    0,
  )

describe('NICs share rules', () => {
  test('a thousand NICs have the rules, chains, sets and counters of one', () => {
    const [one, many] = [1, 1000].map((count) => transactionTo(placeAll(builtins, cleanNics(count))).text) as [
      string,
      string,
    ]
    for (const what of [/\tchain /g, /\tset /g, /\tmap /g, /\tcounter [^\s]+ \{/g])
      expect(countOf(many, what)).toBe(countOf(one, what))
    expect(rulesIn(many)).toBe(rulesIn(one))
    expect(countOf(many, /"vnet\d+" \. 10\./g)).toBe(1000)
  })

  test('a NIC with more values than another shares with it', () => {
    const [first, second] = cleanNics(2)
    if (first === undefined || second === undefined) throw new Error('two NICs')
    const more = { ...second, parameters: { IP: ['10.0.0.1', '10.0.0.2', '10.0.0.1'] } }
    const { text } = transactionTo(placeAll(builtins, [first, more]))
    expect(countOf(text, /chain clean-traffic-out \{/g)).toBe(1)
    expect(text).toContain('"vnet1" . 10.0.0.1,\n')
    expect(text).toContain('"vnet1" . 10.0.0.2')
  })

  test('a variable that no set can hold makes chains of its own, named after the values', () => {
    const filters = filtersWith({
      f: `<filter name='f'><rule action='drop' direction='in'><tcp option='$D'/></rule></filter>`,
      n: `<filter name='n'><rule action='drop' direction='out'><mac match='no' srcmacaddr='$M'/></rule></filter>`,
    })
    const nics = ['1', '2', '1'].map((value, at) => ({
      portDevice: `vnet${at}`,
      filter: 'f',
      parameters: { D: value },
    }))
    const { after, text } = transactionTo(placeAll(filters, nics))
    expect([...after.parts.parts.values()].map(({ apart, group }) => [apart, group.name])).toEqual([
      ['no set holds $D', expect.stringMatching(/^f\.v\w{6}$/)],
      ['no set holds $D', expect.stringMatching(/^f\.v\w{6}$/)],
      ['no set holds $D', expect.stringMatching(/^f\.v\w{6}$/)],
    ])
    expect(countOf(text, /chain f\.v\w+-ip-in /g)).toBe(2)
    // One negated value is a set, two are a rule for each: the packet differs from one of them at least.
    const one = transactionTo(
      placeAll(filters, [{ portDevice: 'a', filter: 'n', parameters: { M: '52:54:00:00:00:01' } }]),
    )
    expect(one.text).toContain('iifname . ether saddr != @M-ether')
    const two = transactionTo(
      placeAll(filters, [
        { portDevice: 'a', filter: 'n', parameters: { M: ['52:54:00:00:00:01', '52:54:00:00:00:02'] } },
      ]),
    )
    expect(two.text).toContain('ether saddr != 52:54:00:00:00:01 counter')
    expect(two.text).toContain('ether saddr != 52:54:00:00:00:02 counter')
  })

  test('ranges of one NIC that overlap become one, and boxes that overlap stand in rules', () => {
    const ports = `<filter name='ports'><rule action='accept' direction='in'><tcp dstportstart='$FROM' dstportend='$TO'/></rule></filter>`
    const boxes = `<filter name='boxes'><rule action='accept' direction='in'><tcp srcipaddr='$NET' srcipmask='$LEN' dstportstart='$FROM' dstportend='$TO'/></rule></filter>`
    const filters = filtersWith({ ports, boxes })
    const parameters = {
      FROM: ['20', '25', '100'],
      TO: ['30', '40', '100'],
      NET: ['10.0.0.0', '10.0.0.0', '10.0.0.0'],
      LEN: ['8', '16', '24'],
    }
    const merged = transactionTo(placeAll(filters, [{ portDevice: 'a', filter: 'ports', parameters }]))
    expect(merged.text).toContain('"a" . 20-40,\n')
    expect(merged.text).toContain('"a" . 100 }')
    const apart = transactionTo(placeAll(filters, [{ portDevice: 'a', filter: 'boxes', parameters }]))
    expect(apart.after.parts.parts.get('a')?.apart).toBe('its values overlap')
    expect(apart.text).toContain('ip saddr 10.0.0.0/16 th dport 25-40')
  })

  test('an observed NIC has chains and counters of its own', () => {
    const nics = placeAll(builtins, cleanNics(2))
    const { text, after } = transactionTo(nics, undefined, ['vnet1'])
    expect(after.parts.parts.get('vnet1')?.apart).toBe('it is observed')
    expect(text).toContain('chain clean-traffic/vnet1-out {')
    expect(text).toMatch(/counter vnet1\/no-mac-spoofing\.\w{6}-out \{/)
    expect(text).toContain('"vnet0" : goto clean-traffic-out,')
  })
})

describe('shortcuts', () => {
  const own = `<filter name='own' chain='root'>
    <rule action='drop' direction='out' priority='100'><mac srcmacaddr='52:54:00:01:00:00' srcmacmask='ff:ff:ff:ff:00:00'/></rule>
    <rule action='drop' direction='out' priority='150'><ip srcipaddr='10.9.0.0' srcipmask='16'/></rule>
    <rule action='drop' direction='out' priority='160'><ip srcipaddr='10.8.0.1'/></rule>
    <rule action='drop' direction='out' priority='200'><mac match='no' srcmacaddr='$MAC'/></rule>
    <rule action='accept' direction='out' priority='300'><ip srcipaddr='$IP'/></rule>
    <rule action='drop' direction='inout' priority='900'><all/></rule>
    <rule action='drop' direction='out' priority='1000'/></filter>`
  const filters = filtersWith({
    own: own.replace(/ +<rule action='drop' direction='inout'.*\n/, ''),
    none: `<filter name='none'><rule action='accept' direction='in'><mac/></rule></filter>`,
  })
  const fast = (mac: string, IP: string | string[]) =>
    countOf(
      transactionTo(placeAll(filters, [{ portDevice: 'a', mac, filter: 'own', parameters: { IP } }])).text,
      /"a" \. 0x\w+ \. [\d.]+ : goto/g,
    )

  test('lead past the chains for values that no rule on the way names, by address, network or mask', () => {
    expect(fast('52:54:00:00:00:01', '10.0.0.1')).toBe(1)
    expect(fast('52:54:00:00:00:01', ['10.9.1.2', '10.8.0.1', '10.8.0.2'])).toBe(1)
    expect(fast('52:54:00:01:00:07', '10.0.0.1')).toBe(0)
  })

  test('are left out where a NIC has too many values', () => {
    const many = Array.from({ length: 257 }, (_, at) => `10.0.${at >> 8}.${at & 255}`)
    expect(fast('52:54:00:00:00:01', many.slice(1))).toBe(256)
    expect(fast('52:54:00:00:00:01', many)).toBe(0)
  })

  test('to a guest stand in front of its chain, one for each ethertype that always passes', () => {
    const { text } = transactionTo(placeAll(filters, [{ portDevice: 'a', filter: 'none' }]))
    expect(text).toContain(
      'chain none-in {\n\t\tether type ip goto none-in-fast.ip\n\t\tether type ip6 goto none-in-fast.ip6\n',
    )
  })
})

describe('changes are small', () => {
  const start = () => transactionTo(placeAll(builtins, cleanNics(50)))

  test('one NIC more is elements and the mark of the generation', () => {
    const { after } = start()
    const nics = [...after.parts.parts.values()].map(({ nic }) => nic)
    const added = transactionTo([...nics, ...placeAll(builtins, cleanNics(51).slice(50))], after)
    const lines = added.text.split('\n').filter((line) => line !== '' && !line.startsWith('add element bridge sluice '))
    expect(lines).toEqual(['table bridge sluice {', `\tcounter generation.2 { comment "${added.hash}"; }`, '}'])
    expect(added.text).not.toContain('vnet49')
    expect(countOf(added.text, /chain /g)).toBe(0)
  })

  test('the same NICs are no change at all', () => {
    const { after, hash } = start()
    const nics = [...after.parts.parts.values()].map(({ nic }) => nic)
    const again = transactionTo(nics, after)
    expect(again.hash).toBe(hash)
    expect(again.text).toBe(`table bridge sluice {\n\tcounter generation.2 { comment "${hash}"; }\n}\n`)
  })

  test('a filter that changes flushes its chain alone, and no element moves', () => {
    const { after } = start()
    const xml = `<filter name='no-ip-spoofing' chain='ipv4-ip' priority='-710'>
      <rule action='return' direction='out' priority='100'><ip srcipaddr='0.0.0.0' protocol='udp'/></rule>
      <rule action='return' direction='out' priority='500'><ip srcipaddr='$IP'/></rule>
      <rule action='drop' direction='out' priority='600'><ip dstipaddr='192.0.2.66'/></rule>
      <rule action='drop' direction='out' priority='1000'/></filter>`
    const changed = transactionTo(placeAll(filtersWith({ 'no-ip-spoofing': xml }), cleanNics(50)), after)
    expect(changed.text).toMatch(/^flush chain bridge sluice clean-traffic-out\.ipv4-ip\n/)
    expect(countOf(changed.text, /^flush chain/gm)).toBe(1)
    expect(countOf(changed.text, /element/g)).toBe(0)
    expect(countOf(changed.text, /chain clean-traffic/g)).toBe(1)
  })

  test('whatever way a state was reached, its hash is that of the state', () => {
    const { after } = start()
    const fewer = transactionTo(
      [...after.parts.parts.values()].slice(0, 20).map(({ nic }) => nic),
      after,
    )
    const direct = transactionTo(placeAll(builtins, cleanNics(20)))
    expect(fewer.hash).toBe(direct.hash)
    expect(fewer.hash).not.toBe(transactionTo(placeAll(builtins, cleanNics(21))).hash)
  })

  test('without a NIC the tables go', () => {
    const { after } = start()
    const { text, hash } = transactionTo([], after)
    expect(hash).toBe('')
    expect(text.trim().split('\n')).toEqual(
      ['bridge', 'ip', 'ip6'].flatMap((family) => [`add table ${family} sluice`, `delete table ${family} sluice`]),
    )
  })
})
