import { expect, test } from 'vitest'
import {
  type Binding,
  builtinFilters,
  compileCommands,
  compileHost,
  type Dialect,
  type Filter,
  parseFilter,
  printWords,
} from '#engine'
import { bindingOf } from '../support/compile-like-oracle.ts'
import { makeRandom, type Random, seedOfRun } from '../support/random.ts'
import { randomCase } from '../support/random-filter.ts'

const seed = seedOfRun()
console.log(`hosts compiled at once: SLUICE_SEED=${seed}`)
const VALUES = ['10.1.1.1', '10.1.1.2', '10.1.1.1', '80', '52:54:00:aa:bb:cc', 'x', '1'.repeat(50), '$(id)', "it's"]
const DEVICES = ['vnet', 'tap-', 'a.b', 'a b', 'very-long-device-name-']

/** Bindings of few filters whose parameters differ in values, numbers of values and which of them are equal. */
function randomBindings(random: Random, filters: readonly string[]): readonly Binding[] {
  return Array.from({ length: 40 }, (_, at) => {
    const parameters = new Map<string, string[]>()
    for (const name of ['A', 'B', 'C', 'P', 'IP', 'PORTS', 'LONG', 'INNER'])
      if (random.chance(0.95))
        parameters.set(
          name,
          Array.from({ length: 1 + random.below(3) }, () => random.pick(VALUES)),
        )
    return bindingOf(random.pick(filters), parameters, `${random.pick(DEVICES)}${at}`)
  })
}

function readAll(texts: readonly string[], dialect: Dialect): ReadonlyMap<string, Filter> {
  const read = texts.flatMap((text, at) => parseFilter(text, `filter:#${at}`, dialect).value ?? [])
  return new Map(read.map((filter) => [filter.name, filter]))
}

test('bindings compiled together become what each becomes alone', () => {
  const random = makeRandom(seed)
  let installed = 0
  for (let round = 0; round < 60; round += 1) {
    const dialect = random.pick(['libvirt', 'strict'] as const)
    const filters = readAll([...builtinFilters.map(({ xml }) => xml), ...randomCase(random).filters], dialect)
    const bindings = randomBindings(random, ['f0', 'f1', 'clean-traffic', 'no-ip-spoofing'])
    const host = compileHost({ filters, bindings, dialect })
    for (const binding of bindings) {
      const alone = compileCommands({ filters, binding, dialect })
      const { compiled, text } = host.nics.get(binding.portDevice) ?? {}
      expect(compiled?.diagnostics).toEqual(alone.diagnostics)
      if (compiled?.value === undefined) expect(text).toBeUndefined()
      else {
        installed += 1
        expect(text).toBe(printWords(alone.value ?? []))
      }
    }
  }
  expect(installed).toBeGreaterThan(100)
})

test('what did not change is taken over, and what changed is compiled', () => {
  const filters = readAll(
    builtinFilters.map(({ xml }) => xml),
    'libvirt',
  )
  const binding = (at: number, ip: string) => bindingOf('clean-traffic', new Map([['IP', [ip]]]), `vnet${at}`)
  const bindings = [binding(0, '10.0.0.1'), binding(1, '10.0.0.2'), binding(1, '10.0.0.3')]
  const before = compileHost({ filters, bindings, dialect: 'libvirt' })
  expect([...before.nics.keys()]).toEqual(['vnet0', 'vnet1'])
  const after = compileHost({ filters, bindings: bindings.with(1, binding(1, '10.0.0.9')), dialect: 'libvirt' }, before)
  expect(after.nics.get('vnet0')).toBe(before.nics.get('vnet0'))
  expect(after.nics.get('vnet1')?.text).toContain('10.0.0.9')
  expect(after.nics.get('vnet1')?.compiled.value?.instances).toBe(before.nics.get('vnet0')?.compiled.value?.instances)
  const anew = compileHost({ filters: new Map(filters), bindings, dialect: 'libvirt' }, before)
  expect(anew.nics.get('vnet0')).not.toBe(before.nics.get('vnet0'))
})
