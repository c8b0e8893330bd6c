import { afterAll, beforeAll, expect, test } from 'vitest'
import { builtinFilters } from '#engine'
import { type Comparison, compare } from '../support/compare-kernels.ts'
import { type BoundFilter, compileRuleset, type FilterTexts } from '../support/compile-ruleset.ts'
import { generateFrames } from '../support/generate-frames.ts'
import { type LabPair, openPair, whyNoPair } from '../support/lab-pair.ts'
import { loadEbiptables } from '../support/load-ebiptables.ts'
import { PAIR_GUEST_MAC, PAIR_PARAMETERS } from '../support/pair-guest.ts'
import { makeRandom, seedOfRun } from '../support/random.ts'
import { randomCase } from '../support/random-filter.ts'

/**
 * Frames through two kernels with the same rules arrive alike, and through two with one rule that differs they do not: what the
 * comparison of two ways of installing a filter rests on.
 */

const RANDOM_FILTERS = 30
const MOST_TRIES = 200
const FRAMES = 300

const seed = seedOfRun()
const missing = await whyNoPair()
console.log(
  missing === undefined ? `frames: SLUICE_SEED=${seed}` : `skipped: frames through two kernels, because ${missing}`,
)
const testPair = test.skipIf(missing !== undefined)

let pair: LabPair
beforeAll(async () => {
  if (missing === undefined) pair = await openPair({ guestMac: PAIR_GUEST_MAC })
})
afterAll(() => pair?.close())

testPair('without rules nearly every frame arrives somewhere, and each at the same places', async () => {
  const bound = compiled({ texts: [`<filter name='none'/>`] })
  const frames = framesFor(bound, 3000)
  const { differences, passed } = await compare(pair, { loadFirst: nothing, loadSecond: nothing, frames })
  expect(differences).toEqual([])
  expect(passed).toBeGreaterThan(frames.length * 0.95)
  console.log(`without rules ${passed} of ${frames.length} frames arrive`)
})

testPair('the built-in filters treat frames as they do in another kernel, and let some pass', async () => {
  const texts = builtinFilters.map(({ xml }) => xml)
  const sums = newSums()
  for (const { name } of builtinFilters) {
    const server = ['DHCPSERVER', name.includes('v6') ? 'fe80::1' : '192.0.2.1'] as const
    const result = await compareWithItself(compiled({ texts, root: name, parameters: [...PAIR_PARAMETERS, server] }))
    expect({ name, refused: result.refused, differences: result.differences }).toEqual(equal(name))
    addTo(sums, result)
  }
  expect(sums.passed).toBeGreaterThan(sums.sent * 0.2)
  say('built-in filters', sums)
})

testPair('so do random filters', async () => {
  const random = makeRandom(seed)
  const sums = newSums()
  for (let tries = 0; sums.filters < RANDOM_FILTERS && tries < MOST_TRIES; tries += 1) {
    const { filters, variables } = randomCase(random)
    const bound = compileRuleset({ texts: filters, parameters: variables })
    if (bound === undefined) continue
    const result = await compareWithItself(bound)
    // A tool says no where libvirt would fail too.
    if (result.refused !== undefined) continue
    expect({ name: filters.join('\n'), refused: undefined, differences: result.differences }).toEqual(
      equal(filters.join('\n')),
    )
    addTo(sums, result)
  }
  expect(sums.filters).toBe(RANDOM_FILTERS)
  say('random filters', sums)
})

const ONE_RULE = [
  ['an accepted port', `<rule action='accept' direction='in'><tcp dstportstart='22'/></rule>`, `'22'`, `'23'`],
  ['an action', `<rule action='accept' direction='out'><udp-ipv6 dstportstart='53'/></rule>`, 'accept', 'drop'],
  ['an ARP operation', `<rule action='drop' direction='out'><arp opcode='Reply'/></rule>`, 'Reply', 'Request'],
] as const

testPair.each(ONE_RULE)('a rule that differs is found: %s', async (_, rule, from, to) => {
  const whole = (text: string) => ({
    texts: [`<filter name='one'>${text}<rule action='drop' direction='inout' priority='900'><all/></rule></filter>`],
  })
  const [right, wrong] = [compiled(whole(rule)), compiled(whole(rule.replace(from, to)))]
  const frames = framesFor(right, FRAMES)
  const result = await compare(pair, { loadFirst: loadOf(right), loadSecond: loadOf(wrong), frames })
  expect(result.refused).toBeUndefined()
  expect(result.differences.length).toBeGreaterThan(0)
})

testPair('rules that are refused are no equality', async () => {
  const frames = framesFor(compiled({ texts: [`<filter name='none'/>`] }), 10)
  const refuse = async () => 'no'
  expect(await compare(pair, { loadFirst: nothing, loadSecond: refuse, frames })).toMatchObject({ refused: 'no' })
})

function compiled(texts: FilterTexts): BoundFilter {
  const bound = compileRuleset(texts)
  if (bound === undefined) throw new Error(`it is not compiled: ${texts.root ?? texts.texts.join('\n')}`)
  return bound
}

function framesFor(bound: BoundFilter, count: number) {
  return generateFrames({ ...bound, seed, count })
}

function loadOf({ ruleset }: BoundFilter) {
  return (enter: readonly string[]) => loadEbiptables([ruleset], enter)
}

function nothing(enter: readonly string[]) {
  return loadEbiptables([], enter)
}

async function compareWithItself(bound: BoundFilter): Promise<Comparison & { readonly sent: number }> {
  const [load, frames] = [loadOf(bound), framesFor(bound, FRAMES)]
  return { ...(await compare(pair, { loadFirst: load, loadSecond: load, frames })), sent: frames.length }
}

function equal(name: string) {
  return { name, refused: undefined, differences: [] }
}

function newSums() {
  return { filters: 0, sent: 0, passed: 0, loadMs: 0, sendMs: 0, suspected: 0 }
}

function addTo(sums: ReturnType<typeof newSums>, result: Comparison & { readonly sent: number }): void {
  sums.filters += 1
  for (const name of ['sent', 'passed', 'loadMs', 'sendMs', 'suspected'] as const) sums[name] += result[name]
}

function say(what: string, { filters, sent, passed, loadMs, sendMs, suspected }: ReturnType<typeof newSums>): void {
  const speed = Math.round((sent / sendMs) * 1000)
  const load = Math.round(loadMs / filters)
  console.log(
    `${what}: ${passed} of ${sent} frames pass ${filters} filters, ${speed} frames/s, ${load} ms to load one, ${suspected} differences that did not come again`,
  )
}
