import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

export type Outcome = { readonly status: number | null; readonly stdout: string; readonly stderr: string }

/** Runs `bin/sluice` as a script would; `input` is its standard input. */
export function sluice(args: readonly string[], options: { input?: string; cwd?: string } = {}): Outcome {
  const program = join(import.meta.dirname, '../../bin/sluice')
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 28, ...options })
  return { status, stdout, stderr }
}
