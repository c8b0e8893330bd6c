import { describe, expect, test } from 'vitest'
import { builtinFilters } from '#engine'
import { compileLikeOracle, readOracleAnswer } from '../support/compile-like-oracle.ts'
import { askOracle, type OracleCase, oracleMissing } from '../support/oracle.ts'

const MAC = ['MAC', '52:54:00:aa:bb:cc'] as const
const COMMON = [MAC, ['GATEWAY_MAC', '52:54:00:00:00:01'], ['DHCPSERVER', '192.0.2.1']] as const
const BINDINGS: Readonly<Record<string, OracleCase['variables']>> = {
  'no address': COMMON,
  'one address': [...COMMON, ['IP', '10.1.1.5']],
  'two addresses': [...COMMON, ['IP', '10.1.1.5'], ['IP', '10.1.1.6']],
  'an IPv6 address': [
    MAC,
    ['GATEWAY_MAC', '52:54:00:00:00:01'],
    ['DHCPSERVER', 'fe80::1'],
    ['IPV6', '2001:db8::5'],
    ['IP', '10.1.1.5'],
  ],
}

if (oracleMissing !== undefined)
  console.log(`skipped: the comparison of the built-in filters with libvirt, because ${oracleMissing}`)

describe.skipIf(oracleMissing !== undefined).each(Object.entries(BINDINGS))(
  'built-in filters with %s',
  (_, variables) => {
    const cases = builtinFilters.map(({ name, xml }) => ({
      filters: [xml, ...builtinFilters.filter((other) => other.name !== name).map((other) => other.xml)],
      variables,
    }))
    const answers = oracleMissing === undefined ? askOracle(cases) : []
    test.each(builtinFilters.map(({ name }, at) => [name, at] as const))(
      '%s is compiled as libvirt compiles it',
      (_name, at) => {
        const [one, answer] = [cases[at], answers[at]]
        if (one === undefined || answer === undefined) throw new Error('no answer')
        expect(compileLikeOracle(one)).toEqual(readOracleAnswer(answer))
      },
    )
  },
)

test('there are 24 built-in filters, all well-formed', () => {
  expect(builtinFilters).toHaveLength(24)
  expect(
    compileLikeOracle({ filters: builtinFilters.map(({ xml }) => xml), variables: COMMON }).canonical,
  ).not.toContain(undefined)
})
