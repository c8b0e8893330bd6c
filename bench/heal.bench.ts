import { setTimeout as sleep } from 'node:timers/promises'
import { run as runProgram } from '../agent/exec/run.ts'
import { desire, GUEST, openLabHost } from '../tests/support/lab-host.ts'
import { type Bench, compared, median } from './bench.ts'

const ROUNDS = 40
/** What is asked for a flush. */
const GOAL_MS = 100
const CASES = {
  'nft flush ruleset': ['nft', 'flush ruleset'],
  'nft delete table': ['nft', 'delete table bridge sluice'],
  'a rule ahead': ['nft', 'insert rule bridge sluice prerouting accept'],
  'an element removed': ['nft', 'delete element bridge sluice MAC-ether { "vnet0" . 52:54:00:00:00:10 }'],
} as const

/** How long the kernel holds something else than was applied, from the end of the program that changed it to the agent's own look. */
export const run: Bench = async (print) => {
  const { host, enter, close } = await openLabHost('nftables', true)
  try {
    await host.install(desire('clean-traffic', { IP: GUEST.ip }))
    await sleep(500)
    for (const [name, command] of Object.entries(CASES)) {
      const times: number[] = []
      for (let round = 0; round < ROUNDS; round += 1) {
        await host.pauseHealing({ minutes: 0, reason: 'a new round' })
        await host.settled()
        const last = host.state().timeline.at(-1)?.number ?? 0
        await runProgram(command, { enter })
        const started = performance.now()
        while (!host.state().timeline.some(({ number, kind }) => number > last && kind === 'healed')) await sleep(1)
        times.push(performance.now() - started)
      }
      const sorted = times.toSorted((a, b) => a - b)
      const at = (share: number) => sorted[Math.floor(share * (ROUNDS - 1))] ?? Number.NaN
      print(compared(`${name}: healed, median`, median(times), 'ms', 'goal 100 ms', GOAL_MS))
      print(compared(`${name}: healed, 95 of 100`, at(0.95), 'ms', 'goal 100 ms', GOAL_MS))
      print(compared(`${name}: healed, slowest of ${ROUNDS}`, at(1), 'ms', 'bound 2000 ms', 2000))
    }
  } finally {
    close()
  }
}
