import { spawnProgram } from './spawn-program.ts'

/** Starts a program that outlives this process; resolves with its pid, or with undefined where it cannot be started. */
export function startDetached(command: readonly string[]): Promise<number | undefined> {
  return new Promise((resolve) => {
    const child = spawnProgram(command, 'ignore', { detached: true, cwd: '/' })
    child.once('error', () => resolve(undefined))
    child.once('spawn', () => {
      child.unref()
      resolve(child.pid)
    })
  })
}
