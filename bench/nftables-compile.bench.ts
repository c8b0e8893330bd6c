import { cleanNics, filtersWith, placeAll, transactionTo } from '../tests/support/nft-host.ts'
import { type Bench, compared, median, time } from './bench.ts'

const COMPILED = 10_000
const WARM = 8
const ROUNDS = 33

/** A whole host lowered and printed anew, with nothing known from before. */
export const run: Bench = async (print) => {
  const inputs = placeAll(filtersWith(), cleanNics(COMPILED))
  const times: number[] = []
  let text = ''
  for (let round = 0; round < WARM + ROUNDS; round += 1) {
    const ms = await time(() => {
      text = transactionTo(inputs.map((nic) => ({ ...nic }))).text
    })
    if (round >= WARM) times.push(ms)
  }
  const metric = `compile ${COMPILED} NICs to nft, ${(text.length / 1e6).toFixed(1)} MB of text`
  print(compared(metric, median(times), 'ms', 'budget 100 ms', 100))
}
