import { describe, expect, test } from 'vitest'
import {
  compileNftables,
  type Dialect,
  LEAST_CAPABILITIES,
  lowerHost,
  placeLearning,
  printTransaction,
  rowsOfDevice,
} from '#engine'
import { filtersWith, placeAll, type TestNic, transactionTo } from '../support/nft-host.ts'

const rule = (inner: string) => `<filter name='f'><rule action='accept' direction='inout'>${inner}</rule></filter>`
const oneNic = (filter: string, parameters: TestNic['parameters'] = {}) =>
  placeAll(filtersWith({ f: filter }), [{ portDevice: 'a', filter: 'f', parameters }])

describe('what a change of rules needs', () => {
  const plain = rule(`<tcp dstportstart='22'/>`)
  const stateful = `<filter name='f'><rule action='accept' direction='in'><tcp state='NEW' dstportstart='22'/></rule></filter>`
  const rejecting = `<filter name='f'><rule action='reject' direction='in'><tcp dstportstart='22' state='NEW'/></rule></filter>`

  test('tables of the IP layer come with the first rule that needs them, and go with the last', () => {
    const first = transactionTo(oneNic(`<filter name='f'><rule action='drop' direction='in'><ip/></rule></filter>`))
    expect(first.text).not.toContain('table ip sluice {')
    const tracked = transactionTo(oneNic(stateful), first.after)
    expect(tracked.text).toContain('table ip sluice {')
    const back = transactionTo(
      oneNic(`<filter name='f'><rule action='drop' direction='in'><ip/></rule></filter>`),
      tracked.after,
    )
    expect(back.text).toContain('delete table ip sluice\n')
    expect(transactionTo(oneNic(rejecting), first.after).text).toContain('reject')
    expect(transactionTo(oneNic(plain), tracked.after).hash).toBe(transactionTo(oneNic(plain)).hash)
  })

  test('sets and maps that nothing asks any more go behind the rules that asked', () => {
    const before = transactionTo(oneNic(rule(`<arp arpsrcipaddr='$IP' gratuitous='true'/>`), { IP: '10.0.0.1' }))
    const { text } = transactionTo(oneNic(rule(`<mac/>`)), before.after)
    expect(text).toMatch(/^delete set bridge sluice same-bytes$/m)
    expect(text).toMatch(/^delete set bridge sluice IP-/m)
    expect(text.indexOf('delete set')).toBeGreaterThan(text.indexOf('flush chain'))
  })

  test('a value that changes is an element that goes and one that comes', () => {
    const filter = rule(`<ip srcipaddr='$IP'/>`)
    const before = transactionTo(oneNic(filter, { IP: '10.0.0.1' }))
    const { text } = transactionTo(oneNic(filter, { IP: '10.0.0.2' }), before.after)
    expect(text).toMatch(/delete element bridge sluice \S+ \{ "a" \. 10\.0\.0\.1 \}/)
    expect(text).toMatch(/add element bridge sluice \S+ \{ "a" \. 10\.0\.0\.2 \}/)
    expect(text).not.toContain('chain')
  })
})

describe('values of one NIC that overlap', () => {
  const boxes = (inner: string, parameters: TestNic['parameters']) => transactionTo(oneNic(rule(inner), parameters))

  test('IPv6 prefixes inside one another are the widest', () => {
    const { text } = boxes(`<ipv6 srcipaddr='$NET' srcipmask='$LEN'/>`, {
      NET: ['2001:db8::', '2001:db8::5', '2001:dba::'],
      LEN: ['32', '64', '32'],
    })
    expect(text).toContain('2001:db8::-2001:db8:ffff:ffff:ffff:ffff:ffff:ffff')
    expect(text).not.toContain('2001:db8::/64')
  })

  test('ranges in any order become those that remain', () => {
    const { text } = boxes(`<tcp dstportstart='$FROM' dstportend='$TO'/>`, {
      FROM: ['500', '20', '22', '20'],
      TO: ['600', '90', '30', '90'],
    })
    expect(text).toContain('"a" . 20-90')
    expect(text).toContain('"a" . 500-600')
    expect(text).not.toContain('22-30')
  })

  test('boxes inside others are left out, those that cross stand in rules', () => {
    const inner = `<tcp srcipaddr='$NET' srcipmask='$LEN' dstportstart='$FROM' dstportend='$TO'/>`
    const inside = boxes(inner, {
      NET: ['10.0.0.0', '10.0.0.0', '10.0.0.0'],
      LEN: ['8', '16', '16'],
      FROM: ['1', '2', '2'],
      TO: ['9', '3', '3'],
    })
    expect(inside.after.parts.parts.get('a')?.apart).toBeUndefined()
    expect(inside.text).toContain('"a" . 10.0.0.0-10.255.255.255 . 1-9')
    const crossing = boxes(inner, { NET: ['10.0.0.0', '10.0.0.0'], LEN: ['8', '16'], FROM: ['1', '5'], TO: ['6', '9'] })
    expect(crossing.after.parts.parts.get('a')?.apart).toBe('its values overlap')
  })

  test('MAC prefixes too', () => {
    const { text } = boxes(`<mac srcmacaddr='$M' srcmacmask='ff:ff:ff:00:00:00'/>`, {
      M: ['52:54:00:00:00:01', '52:54:00:00:00:02', '52:54:05:00:00:01'],
    })
    expect(text).toContain('52:54:00:00:00:00-52:54:00:ff:ff:ff')
    expect(text).toContain('52:54:05:00:00:00-52:54:05:ff:ff:ff')
  })
})

test('a value that no field can hold is refused for its NIC alone', () => {
  const filters = filtersWith({ f: rule(`<ip srcipaddr='$IP' srcipmask='$LEN'/>`) })
  const nics = placeAll(filters, [
    { portDevice: 'a', filter: 'f', parameters: { IP: '10.0.0.1', LEN: '24' } },
    { portDevice: 'b', filter: 'f', parameters: { IP: '10.0.0.2', LEN: '16' } },
  ])
  const { text, errors } = transactionTo(nics)
  expect(errors).toEqual([])
  expect(text).toContain('"a" . 10.0.0.0-10.0.0.255')
  expect(text).toContain('"b" . 10.0.0.0-10.0.255.255')
})

describe('where the bridge family tracks connections itself', () => {
  const capabilities = { ...LEAST_CAPABILITIES, bridgeConntrack: true }

  test('states are asked of it, and no table of the IP layer is needed for them', () => {
    const nics = oneNic(
      `<filter name='f'><rule action='accept' direction='out'><tcp state='NEW,ESTABLISHED'/></rule><rule action='drop' direction='inout'><all/></rule></filter>`,
    )
    const parts = lowerHost(nics, { capabilities, observed: new Set() })
    const { text } = printTransaction(undefined, parts, capabilities)
    expect(text).toContain('ct state new,established')
    expect(text).not.toContain('table ip sluice {')
  })

  test('with a side in the dialect strict', () => {
    const filter = `<filter name='f'><rule action='accept' direction='out'><tcp dstportstart='80'/></rule></filter>`
    for (const dialect of ['libvirt', 'strict'] as const) {
      const nics = placeAll(filtersWith({ f: filter }, dialect), [{ portDevice: 'a', filter: 'f' }], dialect)
      const parts = lowerHost(nics, { capabilities, observed: new Set() })
      expect(printTransaction(undefined, parts, capabilities).text).toContain('ct state established')
    }
  })
})

test('marks need four bits', () => {
  const filter = `<filter name='f'><rule action='reject' direction='out'><tcp/></rule></filter>`
  const capabilities = { ...LEAST_CAPABILITIES, markMask: 0x7 }
  expect(() => lowerHost(oneNic(filter), { capabilities, observed: new Set() })).toThrow('fewer than four bits')
})

test('a NIC with many addresses goes the long way', () => {
  const IP = Array.from({ length: 300 }, (_, at) => `10.0.${at >> 8}.${at & 255}`)
  const nics = placeAll(filtersWith(), [{ portDevice: 'a', filter: 'clean-traffic', parameters: { IP } }])
  const { text } = transactionTo(nics)
  const [, map = ''] = /map fast-from-guest \{([^}]*\}?)/.exec(text) ?? []
  expect(map).not.toContain('"a" .')
  expect(text).toContain('"a" . 10.0.1.43')
})

describe('the way of a device', () => {
  test('its rules in order, those of a sub-chain behind the jump, with counter and source', () => {
    const filters = filtersWith()
    const nics = placeAll(filters, [{ portDevice: 'a', filter: 'clean-traffic', parameters: { IP: '10.0.0.1' } }])
    const parts = lowerHost(nics, { capabilities: LEAST_CAPABILITIES, observed: new Set() })
    const frame = printTransaction(undefined, parts, LEAST_CAPABILITIES)
    expect(frame.hash).not.toBe('')
    const ruleset = compileNftables(
      {
        filters,
        bindings: nics.map(({ binding }) => binding),
        dialect: 'libvirt',
        lineOf: () => 1,
      },
      { capabilities: LEAST_CAPABILITIES, observed: new Set() },
    ).ruleset
    const sections = rowsOfDevice(ruleset, 'a')
    expect(sections.map(({ place }) => place)).toEqual(['ethernet from-guest', 'ethernet to-guest'])
    const [out] = sections
    const jump = out?.rows.findIndex(({ isJump }) => isJump) ?? -1
    expect(out?.rows[jump + 1]?.depth).toBe(1)
    expect(out?.rows[jump + 1]?.counter).toMatch(/^\S+-out$/)
    expect(out?.rows[jump + 1]?.origin?.filter).toBe('no-mac-spoofing')
    expect(rowsOfDevice(ruleset, 'b')).toEqual([])
  })
})

describe('while an address is learned', () => {
  const text = (mode: 'any' | 'dhcp', parameters: TestNic['parameters'] = {}, dialect: Dialect = 'libvirt') => {
    const [nic] = placeAll(filtersWith({ f: rule('<mac/>') }), [{ portDevice: 'a', filter: 'f', parameters }])
    if (nic === undefined) throw new Error('one NIC')
    const learning = placeLearning({ binding: nic.binding, dialect }, mode)
    const parts = lowerHost([learning], { capabilities: LEAST_CAPABILITIES, observed: new Set() })
    return printTransaction(undefined, parts, LEAST_CAPABILITIES).text
  }

  test('from anything: IPv4 and ARP of the own MAC address leave', () => {
    expect(text('any')).toContain('ether type ip counter')
    expect(text('any')).toContain('comment "learning-any:2"')
    expect(text('any')).not.toContain('th dport')
  })

  test('from DHCP: its messages alone, of any server or of those that are named', () => {
    expect(text('dhcp')).toContain('th sport 68 th dport 67')
    expect(text('dhcp')).not.toContain('DHCPSERVER')
    const named = text('dhcp', { DHCPSERVER: ['10.0.0.1', '10.0.0.2'] })
    expect(named).toContain('chain learning-dhcp-servers-in')
    expect(named).toContain('"a" . 10.0.0.2')
  })
})

describe('bindings of a host', () => {
  const filters = filtersWith({ f: rule(`<ip srcipaddr='$IP'/>`), g: rule('<mac/>').replace("'f'", "'g'") })
  const bindingsOf = (...nics: readonly TestNic[]) => placeAll(filters, nics).map(({ binding }) => binding)
  const compile = (bindings: ReturnType<typeof bindingsOf>) =>
    compileNftables(
      { filters, bindings, dialect: 'libvirt', lineOf: () => 1 },
      { capabilities: LEAST_CAPABILITIES, observed: new Set() },
    )

  test('of two for one device the first counts', () => {
    const both = bindingsOf(
      { portDevice: 'a', filter: 'f', parameters: { IP: '10.0.0.1' } },
      { portDevice: 'a', filter: 'g' },
    )
    expect([...compile(both).parts.parts.values()].map(({ group }) => group.name)).toEqual(['f'])
  })

  test('one without its address has the rules under which it is learned', () => {
    const [given] = bindingsOf({ portDevice: 'a', filter: 'f', parameters: { IP: '10.0.0.1' } })
    if (given === undefined) throw new Error('one binding')
    const { parts } = compile([{ ...given, parameters: new Map() }])
    expect([...parts.parts.values()].map(({ group }) => group.name)).toEqual(['learning-any'])
    const none = compile([{ ...given, parameters: new Map([['CTRL_IP_LEARNING', ['none']]]) }])
    expect(none.parts.parts.size).toBe(0)
    expect(none.found.some(({ severity }) => severity === 'error')).toBe(true)
  })
})
