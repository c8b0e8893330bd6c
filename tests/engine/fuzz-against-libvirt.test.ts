import { expect, test } from 'vitest'
import { compileLikeOracle, readOracleAnswer } from '../support/compile-like-oracle.ts'
import { askOracle, oracleMissing } from '../support/oracle.ts'
import { makeRandom, seedOfRun } from '../support/random.ts'
import { randomCase } from '../support/random-filter.ts'

const COUNT = Number(process.env.SLUICE_FUZZ_CASES ?? 1500)
const seed = seedOfRun()
console.log(
  oracleMissing === undefined
    ? `fuzz against libvirt: ${COUNT} cases, SLUICE_SEED=${seed}`
    : `skipped: fuzz against libvirt, because ${oracleMissing}`,
)

test.skipIf(oracleMissing !== undefined)(
  'random Ethernet-layer filters are refused, printed and compiled as libvirt does',
  () => {
    const random = makeRandom(seed)
    const cases = Array.from({ length: COUNT }, () => randomCase(random))
    const answers = askOracle(cases)
    const installed = answers.filter(({ ok }) => ok).length
    // A fuzz that libvirt refuses wholesale would prove nothing.
    expect(installed).toBeGreaterThan(COUNT / 10)
    for (const [at, one] of cases.entries()) {
      const answer = answers[at]
      if (answer === undefined) throw new Error('no answer')
      expect({ at, one, ...compileLikeOracle(one) }, answer.message).toEqual({ at, one, ...readOracleAnswer(answer) })
    }
  },
)
