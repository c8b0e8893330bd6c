import { expect, test } from 'vitest'
import { compileLikeOracle, readOracleAnswer } from '../support/compile-like-oracle.ts'
import { askOracle, oracleMissing } from '../support/oracle.ts'
import { pasteCase } from '../support/paste-case.ts'
import { makeRandom, seedOfRun } from '../support/random.ts'
import { randomCase } from '../support/random-filter.ts'

const COUNT = Number(process.env.SLUICE_FUZZ_CASES ?? 3000)
/** So many cases and their answers are in memory at a time. */
const CHUNK = 2000
/** Far above what a case takes, on a busy machine too. */
const CASE_MS = 20
const seed = seedOfRun()
console.log(
  oracleMissing === undefined
    ? `fuzz against libvirt: ${COUNT} cases, SLUICE_SEED=${seed}`
    : `skipped: fuzz against libvirt, because ${oracleMissing}`,
)

test.skipIf(oracleMissing !== undefined)(
  'random filters are refused, printed and compiled as libvirt does',
  () => {
    const random = makeRandom(seed)
    let installed = 0
    for (let from = 0; from < COUNT; from += CHUNK)
      installed += compareChunk(
        from,
        Array.from({ length: Math.min(CHUNK, COUNT - from) }, () => randomCase(random)),
      )
    // A fuzz that libvirt refuses wholesale would prove nothing. About three in four are installed; of few cases, chance decides.
    expect(installed).toBeGreaterThan(0.6 * COUNT - 2 * Math.sqrt(COUNT))
  },
  60_000 + COUNT * CASE_MS,
)

/** How many of the cases libvirt installs. */
function compareChunk(from: number, cases: readonly ReturnType<typeof randomCase>[]): number {
  const answers = askOracle(cases)
  for (const [at, one] of cases.entries()) {
    const answer = answers[at]
    if (answer === undefined) throw new Error('no answer')
    const ours = compileLikeOracle(one)
    const reasons = [...answer.refusals, answer.message].filter((reason) => reason !== undefined && reason !== '')
    const place = `case ${from + at} of SLUICE_SEED=${seed}${reasons.map((reason) => `\nlibvirt: ${reason}`).join('')}`
    expect(ours, `${place}\n${pasteCase(one)}`).toEqual(readOracleAnswer(answer))
  }
  return answers.filter(({ ok }) => ok).length
}
