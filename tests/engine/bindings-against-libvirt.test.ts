import { expect, test } from 'vitest'
import { encodeBinding, parseBinding } from '#engine'
import { askBindings, oracleMissing } from '../support/oracle.ts'
import { makeRandom, seedOfRun } from '../support/random.ts'
import { randomBinding } from '../support/random-binding.ts'

const COUNT = 1000
const seed = seedOfRun()
console.log(
  oracleMissing === undefined
    ? `bindings against libvirt: ${COUNT} cases, SLUICE_SEED=${seed}`
    : `skipped: bindings against libvirt, because ${oracleMissing}`,
)

test.skipIf(oracleMissing !== undefined)('random bindings are refused and printed as libvirt does', () => {
  const random = makeRandom(seed)
  const texts = Array.from({ length: COUNT }, () => randomBinding(random))
  const answers = askBindings(texts)
  const accepted = answers.filter(({ canonical }) => canonical !== undefined).length
  expect(accepted).toBeGreaterThan(COUNT / 2)
  expect(accepted).toBeLessThan(COUNT)
  for (const [at, text] of texts.entries()) {
    const { value, diagnostics } = parseBinding(text, `binding:#${at}`)
    const answer = answers[at]
    // The first of our errors is the one that libvirt stops at, in its words.
    const [, reason] = /^internal error: (.+)$/.exec(answer?.message ?? '') ?? []
    if (reason !== undefined)
      expect(diagnostics.find(({ severity }) => severity === 'error')?.message.slice(0, reason.length)).toBe(reason)
    expect(value && encodeBinding(value), `libvirt: ${answer?.message}\n${text}`).toBe(answer?.canonical)
  }
})
