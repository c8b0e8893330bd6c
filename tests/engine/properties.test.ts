import { describe, expect, test } from 'vitest'
import {
  builtinFilters,
  type Dialect,
  encodeFilter,
  type Filter,
  formatText,
  instantiate,
  parseDocument,
  parseFilter,
  printDocument,
} from '#engine'
import { bindingOf, compileLikeOracle } from '../support/compile-like-oracle.ts'
import { makeRandom, seedOfRun } from '../support/random.ts'
import { randomCase } from '../support/random-filter.ts'

const COUNT = 400
const seed = seedOfRun()
console.log(`properties of the language: ${COUNT} cases, SLUICE_SEED=${seed}`)
const random = makeRandom(seed)
const cases = Array.from({ length: COUNT }, () => randomCase(random))
const texts = [...cases.flatMap(({ filters }) => filters), ...builtinFilters.map(({ xml }) => xml)]

test('printing an untouched document gives its bytes', () => {
  for (const text of texts) {
    const { value } = parseDocument(text, 'x')
    expect(value && printDocument(value)).toBe(text)
  }
})

test('the canonical text of a canonical text is itself, but for what libvirt forgets in it', () => {
  let same = 0
  for (const text of texts) {
    const filter = parseFilter(text, 'x').value
    if (filter === undefined || isForgotten(filter)) continue
    const canonical = encodeFilter(filter)
    const again = parseFilter(canonical, 'x').value
    expect(again && encodeFilter(again), text).toBe(canonical)
    same += 1
  }
  expect(same).toBeGreaterThan(texts.length / 2)
})

/**
 * What libvirt's own canonical text does not carry: a chain priority of 0, line ends in a comment, the flags it adds to an
 * ipset, and which of two values of `protocol` stood with the ports.
 */
function isForgotten({ chain, chainPriority, entries }: Filter): boolean {
  if (chain !== 'root' && chainPriority === 0 && !chain.startsWith('stp')) return true
  return entries.some(
    (entry) =>
      entry.kind === 'rule' &&
      entry.matches.some(
        ({ attribute, value }) =>
          (attribute === 'comment' && value.kind === 'string' && /[\t\n\r]/.test(value.text)) ||
          (attribute === 'ipset' && !entry.protocol.startsWith('all')) ||
          (attribute === 'protocol' &&
            (value.kind === 'variable' || entry.matches.some((other) => other.attribute.includes('port')))),
      ),
  )
}

describe.each(['libvirt', 'strict'] as const)('instantiation in %s', (dialect) => {
  test('gives the same again, in whatever order the filters stand', () => {
    let instantiated = 0
    for (const { filters: list, variables } of cases) {
      const parsed = list.flatMap((text, at) => parseFilter(text, `filter:#${at}`, dialect).value ?? [])
      const root = parsed[0]
      if (root === undefined) continue
      const parameters = new Map<string, string[]>()
      for (const [name, value] of variables) parameters.set(name, [...(parameters.get(name) ?? []), value])
      const binding = bindingOf(root.name, parameters, 'vnet0')
      const results = [parsed, parsed.toReversed(), parsed].map((order) => outcome(order, binding, dialect))
      expect(results[1]).toEqual(results[0])
      expect(results[2]).toEqual(results[0])
      if (results[0]?.value !== undefined) instantiated += 1
    }
    expect(instantiated).toBeGreaterThan(COUNT / 10)
  })
})

function outcome(filters: readonly Filter[], binding: ReturnType<typeof bindingOf>, dialect: Dialect) {
  return instantiate(new Map(filters.map((filter) => [filter.name, filter])), binding, dialect)
}

test('formatting changes nothing that is compiled', () => {
  for (const one of cases) {
    const formatted = one.filters.map((text) => formatText(text, 'x').value ?? text)
    expect(compileLikeOracle({ ...one, filters: formatted }), one.filters.join('\n')).toEqual(compileLikeOracle(one))
  }
})
