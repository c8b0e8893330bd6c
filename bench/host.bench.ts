import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import type { Bench, Result } from './bench.ts'

/** Compiling all NICs of a large host, in a process of its own, so that its memory is its own. */
export const run: Bench = async (print) => {
  const worker = join(import.meta.dirname, 'host-worker.ts')
  const lines = execFileSync(process.execPath, ['--expose-gc', worker], { encoding: 'utf8', maxBuffer: 1 << 24 })
  for (const line of lines.trim().split('\n')) print(JSON.parse(line) as Result)
}
