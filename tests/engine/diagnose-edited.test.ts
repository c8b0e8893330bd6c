import { expect, test } from 'vitest'
import { builtinFilters, type Diagnosis, diagnoseEdited, diagnoseFilter, hasErrors, parseFilter } from '#engine'
import { makeRandom, type Random, seedOfRun } from '../support/random.ts'
import { randomCase } from '../support/random-filter.ts'

const others = new Map(builtinFilters.map(({ name, xml }) => [name, parseFilter(xml, `filter:${name}`).value]))
const known = new Map([...others].flatMap(([name, filter]) => (filter === undefined ? [] : [[name, filter] as const])))
const seed = seedOfRun()
console.log(`edits of filters: SLUICE_SEED=${seed}`)

const read = (text: string, previous?: Diagnosis) =>
  diagnoseEdited({ text, source: 'filter:x', others: known, dialect: 'libvirt' }, previous)

/** Types, deletes or pastes something somewhere. */
function edit(text: string, random: Random): string {
  const at = random.below(text.length + 1)
  const typed = random.pick([
    'a',
    '1',
    '-',
    "'",
    ' ',
    '>',
    '<',
    '/',
    '$IP',
    '&amp;',
    '<!-- c -->',
    "<filterref filter='f9'/>",
  ])
  return random.chance(0.4)
    ? text.slice(0, at) + text.slice(at + 1 + random.below(4))
    : text.slice(0, at) + typed + text.slice(at)
}

test('what is found after an edit is what is found in the whole text', () => {
  const random = makeRandom(seed)
  let alone = 0
  for (let round = 0; round < 300; round += 1) {
    let text = randomCase(random).filters[0] ?? ''
    let diagnosis = read(text)
    for (let step = 0; step < 12; step += 1) {
      text = random.chance(0.3) ? (randomCase(random).filters[0] ?? '') : edit(text, random)
      const next = read(text, diagnosis)
      if (next.read?.header !== undefined && next.read.header === diagnosis.read?.header) alone += 1
      expect(next.diagnostics, text).toEqual(read(text).diagnostics)
      diagnosis = next
    }
  }
  // Edits that read one entry alone are what this is about.
  expect(alone).toBeGreaterThan(100)
})

test('of a text without errors the same is found as by reading it in one go', () => {
  const random = makeRandom(seed)
  const key = (found: ReturnType<typeof diagnoseFilter>) => found.map((diagnostic) => JSON.stringify(diagnostic)).sort()
  const texts = [
    ...builtinFilters.map(({ xml }) => xml),
    ...Array.from({ length: 500 }, () => randomCase(random).filters[0] ?? ''),
  ]
  for (const text of texts) {
    const whole = diagnoseFilter(text, 'filter:x', known)
    if (!hasErrors(whole)) expect(key(read(text).diagnostics), text).toEqual(key(whole))
  }
})

test('an edit in one rule of many leaves the findings of the others at their new places', () => {
  const rule = (port: string) =>
    `<rule action='accept' direction='in'><tcp dstportstart='${port}' dstportend='1'/></rule>\n`
  const before = `<filter name='x'>\n${rule('20')}${rule('30')}${rule('40')}</filter>`
  const after = before.replace('30', '3000')
  const [first, second] = [read(before), read(after, read(before))]
  expect(first.diagnostics.map(({ span }) => before.slice(span.start, span.end))).toEqual(['1', '1', '1'])
  expect(second.diagnostics.map(({ span }) => after.slice(span.start, span.end))).toEqual(['1', '1', '1'])
  expect(second.diagnostics.map(({ span }) => span.start)).toEqual(
    [...after.matchAll(/'1'/g)].map(({ index }) => index + 1),
  )
})
