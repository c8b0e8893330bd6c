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

test('the canonical text of a canonical text is itself', () => {
  let read = 0
  for (const text of texts) {
    const first = parseFilter(text, 'x').value
    const canonical = first && encodeFilter(first)
    const second = canonical === undefined ? undefined : parseFilter(canonical, 'x').value
    // What libvirt prints it does not always take again: two lists of states become one, a negated mask moves.
    if (second === undefined) continue
    read += 1
    const third = parseFilter(encodeFilter(second), 'x').value
    expect(third && encodeFilter(third), canonical).toBe(encodeFilter(second))
  }
  expect(read).toBeGreaterThan(texts.length / 2)
})

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
