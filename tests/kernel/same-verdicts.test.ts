import { existsSync, globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { builtinFilters, type Dialect } from '#engine'
import { run } from '../../agent/exec/run.ts'
import { compare } from '../support/compare-kernels.ts'
import { type BoundFilter, compileRuleset, type FilterTexts } from '../support/compile-ruleset.ts'
import { deliberateDifference } from '../support/deliberate-difference.ts'
import { generateFrames } from '../support/generate-frames.ts'
import { type LabPair, openPair, whyNoPair } from '../support/lab-pair.ts'
import { loadEbiptables } from '../support/load-ebiptables.ts'
import { compileNft, loadNftables } from '../support/load-nftables.ts'
import { makeRandom, seedOfRun } from '../support/random.ts'
import { randomCase } from '../support/random-filter.ts'

/**
 * The nftables ruleset of a filter and libvirt's own chains for it, each in a kernel of its own: every frame arrives at the same
 * places with the same bytes, but for what docs/dialects.md says.
 */

const RANDOM_FILTERS = { libvirt: 140, strict: 70 } as const
const FRAMES = 300
const MOST_TRIES = 3000
const GUEST_MAC = '52:54:00:aa:bb:cc'
const PARAMETERS = [
  ['IP', '192.0.2.10'],
  ['IP', '192.0.2.110'],
  ['IPV6', '2001:db8::10'],
  ['GATEWAY_MAC', '52:54:00:00:00:01'],
] as const
const CONFORMANCE = join(import.meta.dirname, '../../../shared/conformance')

const seed = seedOfRun()
const missing = await whyNoPair()
console.log(missing === undefined ? `same verdicts: SLUICE_SEED=${seed}` : `skipped: same verdicts, because ${missing}`)
const testPair = test.skipIf(missing !== undefined)

let pair: LabPair
beforeAll(async () => {
  if (missing === undefined) pair = await openPair({ guestMac: GUEST_MAC })
})
afterAll(() => pair?.close())

testPair.each(['libvirt', 'strict'] as const)('the built-in filters, %s', async (dialect) => {
  const texts = builtinFilters.map(({ xml }) => xml)
  const sums = newSums()
  for (const { name } of builtinFilters) {
    const server = ['DHCPSERVER', name.includes('v6') ? 'fe80::1' : '192.0.2.1'] as const
    expect(
      await differencesOf({ texts, root: name, parameters: [...PARAMETERS, server] }, dialect, sums),
      name,
    ).toEqual([])
  }
  expect(sums.filters).toBe(builtinFilters.length)
  expect(sums.passed).toBeGreaterThan(sums.sent * 0.2)
  say(`built-in filters, ${dialect}`, sums)
})

const golden = existsSync(CONFORMANCE) ? globSync('nwfilterxml2firewall/*.xml', { cwd: CONFORMANCE }).sort() : []
if (golden.length === 0)
  console.log(`skipped: the filters of the conformance data, because ${CONFORMANCE} is not there`)
test.skipIf(missing !== undefined || golden.length === 0)('the filters of the conformance data', async () => {
  const sums = newSums()
  for (const file of golden) {
    const texts = [readFileSync(join(CONFORMANCE, file), 'utf8')]
    const parameters = [...PARAMETERS, ...['A', 'B', 'C'].map((name) => [name, '1.1.1.1'] as const)]
    expect(await differencesOf({ texts, parameters }, 'libvirt', sums), file).toEqual([])
  }
  expect(sums.filters).toBeGreaterThan(20)
  say('conformance filters', sums)
})

testPair.each(['libvirt', 'strict'] as const)(
  'random filters, %s',
  async (dialect) => {
    const random = makeRandom(seed)
    const sums = newSums()
    for (let tries = 0; sums.filters < RANDOM_FILTERS[dialect] && tries < MOST_TRIES; tries += 1) {
      const { filters, variables } = randomCase(random)
      expect(await differencesOf({ texts: filters, parameters: variables }, dialect, sums), filters.join('\n')).toEqual(
        [],
      )
    }
    expect(sums.filters).toBe(RANDOM_FILTERS[dialect])
    say(`random filters, ${dialect}`, sums)
  },
  300_000,
)

type Sums = ReturnType<typeof newSums>
function newSums() {
  return { filters: 0, sent: 0, passed: 0, leftOut: new Map<string, number>(), refused: new Map<string, number>() }
}

/** What the two do differently; nothing is compared where one of them cannot say what the filter says. */
async function differencesOf(texts: FilterTexts, dialect: Dialect, sums: Sums) {
  const bound = compileRuleset(texts, dialect)
  if (bound === undefined) return []
  const ruleset = compileNft(bound)
  if (typeof ruleset === 'string') {
    count(sums.refused, ruleset.slice(0, 'NWF000'.length))
    return []
  }
  const tracks = ruleset.bridgeNetfilter.length > 0
  const frames = generateFrames({ ...bound, seed: seed + sums.filters, count: FRAMES }).filter(({ hex }) => {
    const note = deliberateDifference(hex, bound, tracks)
    if (note !== undefined) count(sums.leftOut, note)
    return note === undefined
  })
  const result = await compare(pair, {
    frames,
    loadFirst: (enter) => loadLikeLibvirt(bound, enter),
    loadSecond: (enter) => loadNftables(ruleset, enter),
  })
  if (result.refused !== undefined) {
    // What iptables or ebtables refuse no host has run; nft has to take everything that we make.
    expect(result.refused).not.toContain('nft')
    expect(result.refused).toMatch(/tables-restore/)
    count(sums.refused, 'a tool of libvirt')
    return []
  }
  sums.filters += 1
  sums.sent += frames.length
  sums.passed += result.passed
  return result.differences
}

/** libvirt's chains need br_netfilter for their rules of the IP layer, and nothing else does. */
async function loadLikeLibvirt({ ruleset }: BoundFilter, enter: readonly string[]): Promise<string | undefined> {
  for (const tool of ['iptables', 'ip6tables']) {
    const isUsed = ruleset.shape.ip.some((layer) => layer.tool === tool)
    const file = `/proc/sys/net/bridge/bridge-nf-call-${tool}`
    const { status, stderr } = await run(['tee', file], { enter, input: isUsed ? '1' : '0' })
    if (status !== 0) return stderr
  }
  return loadEbiptables([ruleset], enter)
}

function count(counts: Map<string, number>, what: string): void {
  counts.set(what, (counts.get(what) ?? 0) + 1)
}

function say(what: string, { filters, sent, passed, leftOut, refused }: Sums): void {
  const list = (counts: ReadonlyMap<string, number>) =>
    [...counts].map(([name, n]) => `${name} ${n}`).join(', ') || 'none'
  console.log(
    `${what}: ${filters} filters, ${sent} frames, ${passed} pass, 0 differences; frames left out: ${list(leftOut)}; filters not compared: ${list(refused)}`,
  )
}
