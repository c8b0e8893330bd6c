import { spawnSync } from 'node:child_process'

/** Runs a program that is none of the agent's, by its argument array. `status` is null where it was killed. */
export function runTool([program = '', ...args]: readonly string[]): {
  readonly status: number | null
  readonly stdout: string
  readonly stderr: string
} {
  const { status, stdout, stderr } = spawnSync(program, args, {
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C' },
  })
  return { status, stdout: stdout ?? '', stderr: stderr ?? '' }
}
