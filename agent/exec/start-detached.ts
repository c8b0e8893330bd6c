import { spawn } from 'node:child_process'

/** Starts a program that outlives this process; resolves with its pid, or with undefined where it cannot be started. */
export function startDetached(command: readonly string[]): Promise<number | undefined> {
  const [program = '', ...args] = command
  return new Promise((resolve) => {
    const child = spawn(program, args, { detached: true, stdio: 'ignore', cwd: '/' })
    child.once('error', () => resolve(undefined))
    child.once('spawn', () => {
      child.unref()
      resolve(child.pid)
    })
  })
}
