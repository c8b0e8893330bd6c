import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { builtinFilters } from '#engine'
import { type Bench, compared, median, time } from './bench.ts'

const RUNS = 20
const BATCH = 2000
const sluice = join(import.meta.dirname, '../bin/sluice')

/** How quickly `bin/sluice` answers: one small file, and a batch in one process. */
export const run: Bench = async (print) => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-'))
  try {
    const file = join(folder, 'filter.xml')
    writeFileSync(file, builtinFilters.find(({ name }) => name === 'clean-traffic')?.xml ?? '')
    const validate = () => execFileSync(sluice, ['validate', file], { stdio: 'ignore' })
    validate()
    const started = []
    const bare = []
    for (let at = 0; at < RUNS; at += 1) {
      started.push(await time(validate))
      bare.push(await time(() => execFileSync(process.execPath, ['-e', '0'])))
    }
    print(compared('sluice validate, start to exit', median(started), 'ms', 'budget 150 ms', 150))
    print(compared('sluice validate, start to exit', median(started), 'ms', 'node -e 0', median(bare)))
    const binding = `<filterbinding><owner><name>g</name><uuid>7d8e2f6a-0b65-4e57-9c5f-3f0f8f3f1c10</uuid></owner><portdev name='vnet0'/><mac address='52:54:00:00:00:10'/><filterref filter='clean-traffic'><parameter name='IP' value='192.0.2.10'/></filterref></filterbinding>`
    const lines = Array.from({ length: BATCH }, (_, id) =>
      JSON.stringify({ id, filters: [], bindings: [binding], backend: 'ebiptables' }),
    )
    const input = `${lines.join('\n')}\n`
    const took = await time(() => execFileSync(sluice, ['compile', '--jsonl'], { input, maxBuffer: 1 << 30 }))
    print(compared('compile --jsonl, clean-traffic', (BATCH / took) * 1000, 'cases/s', 'asked for 1000 cases/s', 1000))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
