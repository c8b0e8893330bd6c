import { expect, test } from 'vitest'
import {
  affectedFilters,
  buildGraph,
  builtinFilters,
  chainName,
  compileBinding,
  type Filter,
  finalChains,
  finalIpChains,
  hookArguments,
  parseFilter,
  reachableFilters,
  requiredVariables,
} from '#engine'
import { bindingOf } from '../support/compile-like-oracle.ts'

const WEB = `<filter name='web'>
  <filterref filter='no-mac-spoofing'/>
  <rule action='accept' direction='in'><tcp dstportstart='$PORT'/></rule>
  <rule action='accept' direction='in'><tcp dstportstart='$PORT'/></rule>
  <rule action='drop' direction='out'><icmpv6 type='$TYPES[0]'/></rule>
</filter>`

const filters = new Map<string, Filter>(
  [...builtinFilters.map(({ xml }) => xml), WEB].flatMap((xml, at) => {
    const { value } = parseFilter(xml, `filter:#${at}`)
    return value === undefined ? [] : [[value.name, value] as const]
  }),
)
const parameters = new Map([
  ['PORT', ['443']],
  ['TYPES', ['128']],
])

function compiled(portDevice: string) {
  const { value } = compileBinding({ filters, binding: bindingOf('web', parameters, portDevice), dialect: 'libvirt' })
  if (value === undefined) throw new Error('it is not compiled')
  return value.ruleset
}

test('the chains of ebtables stand under their final names, sub-chains behind the root', () => {
  const chains = finalChains(compiled('vnet0'))
  expect(chains.map(({ name, side, suffix, rules }) => [name, side, suffix, rules.map(({ text }) => text)])).toEqual([
    ['libvirt-I-vnet0', 'from-guest', 'root', ['-j I-vnet0-mac']],
    ['I-vnet0-mac', 'from-guest', 'mac', ['-s 52:54:00:aa:bb:cc -j RETURN', '-j DROP']],
  ])
  // The jump is nobody's rule; a rule knows where it was written.
  expect(chains.map(({ rules }) => rules.map(({ origin }) => origin?.filter))).toEqual([
    [undefined],
    ['no-mac-spoofing', 'no-mac-spoofing'],
  ])
})

test('the chains of the IP layer too, those of a tool that is not used are not there', () => {
  const chains = finalIpChains(compiled('vnet0'))
  expect(chains.map(({ tool, name, rules }) => [tool, name, rules.map(({ text }) => text)])).toEqual([
    [
      'iptables',
      'FO-vnet0',
      Array(2).fill(
        '-p tcp --dport 443 -m conntrack --ctstate NEW,ESTABLISHED -m conntrack --ctdir Original -j ACCEPT',
      ),
    ],
    [
      'iptables',
      'FI-vnet0',
      Array(2).fill('-p tcp --sport 443 -m conntrack --ctstate ESTABLISHED -m conntrack --ctdir Reply -j RETURN'),
    ],
    [
      'iptables',
      'HI-vnet0',
      Array(2).fill('-p tcp --sport 443 -m conntrack --ctstate ESTABLISHED -m conntrack --ctdir Reply -j RETURN'),
    ],
    ['ip6tables', 'FO-vnet0', []],
    ['ip6tables', 'FI-vnet0', ['-p icmpv6 --icmpv6-type 128 -j DROP']],
    ['ip6tables', 'HI-vnet0', ['-p icmpv6 --icmpv6-type 128 -j DROP']],
  ])
  // Equal rules of one chain are told apart, so that each keeps its counter.
  expect(chains[0]?.rules.map(({ key }) => key.slice(-2))).toEqual(['#0', '#1'])
})

test('names of chains are cut at 31 characters', () => {
  expect(chainName('final', 'from-guest', 'vnet0', 'root')).toBe('libvirt-I-vnet0')
  expect(chainName('temporary', 'to-guest', 'a-device-of-15c', 'ipv4-and-twelve')).toBe(
    'P-a-device-of-15c-ipv4-and-twelve'.slice(0, 31),
  )
  expect(hookArguments('final', 'to-guest', 'vnet0')).toEqual(['POSTROUTING', '-o', 'vnet0', '-j', 'libvirt-O-vnet0'])
  expect(hookArguments('temporary', 'from-guest', 'vnet0')).toEqual([
    'PREROUTING',
    '-i',
    'vnet0',
    '-j',
    'libvirt-J-vnet0',
  ])
})

test('a filter needs the variables of everything it includes, each with the places that read it', () => {
  const required = requiredVariables({ filters, filter: 'web' })
  expect(
    required.map(({ name, printed, usedBy }) => [
      name,
      printed,
      usedBy.map(({ filter, entry }) => `${filter}:${entry}`),
    ]),
  ).toEqual([
    ['PORT', ['PORT'], ['web:1', 'web:2']],
    ['TYPES', ['TYPES[0]'], ['web:3']],
    ['MAC', ['MAC'], ['no-mac-spoofing:0']],
  ])
  expect(requiredVariables({ filters, filter: 'not-there' })).toEqual([])
})

test('the graph knows what a filter reaches, who depends on it, what is missing and what goes round', () => {
  const read = (name: string, ...to: readonly string[]) => {
    const xml = `<filter name='${name}'>${to.map((other) => `<filterref filter='${other}'/>`).join('')}</filter>`
    return parseFilter(xml, `filter:${name}`).value as Filter
  }
  const graph = buildGraph([read('a', 'b', 'b', 'x'), read('b', 'c'), read('c', 'b'), read('d', 'a')])
  expect(reachableFilters(graph, 'a')).toEqual(['a', 'b', 'x', 'c'])
  expect(affectedFilters(graph, 'b')).toEqual(['b', 'a', 'c', 'd'])
  expect(graph.missing).toEqual(['x'])
  expect(graph.cycles).toEqual([['b', 'c']])
})
