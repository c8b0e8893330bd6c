import { spawn } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** How a program ended. `status` is 127 where it could not be started, 124 where its time was up. */
export type RunResult = { readonly status: number; readonly stdout: string; readonly stderr: string }

export type RunOptions = {
  /** Arguments that lead into a namespace, put in front of the command. */
  readonly enter?: readonly string[]
  readonly input?: string
  readonly timeoutMs?: number
}

const DEFAULT_TIMEOUT_MS = 15_000
const MOST_OUTPUT = 64_000_000

/** Runs a program by its argument array, never through a shell. Input is an open file: some tools refuse a socket. */
export function run(
  command: readonly string[],
  { enter = [], input, timeoutMs = DEFAULT_TIMEOUT_MS }: RunOptions = {},
): Promise<RunResult> {
  const [program = '', ...args] = [...enter, ...command]
  const stdin = openInput(input)
  return new Promise((resolve) => {
    const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] }
    let size = 0
    let late = false
    // The C locale keeps messages the same everywhere; tools of the system live in sbin too.
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      PATH: `${process.env.PATH ?? ''}:/usr/sbin:/sbin:/usr/bin:/bin`,
      LC_ALL: 'C',
    }
    const child = spawn(program, args, { stdio: [stdin ?? 'ignore', 'pipe', 'pipe'] as const, env })
    const timer = setTimeout(() => {
      late = true
      child.kill('SIGKILL')
    }, timeoutMs)
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size <= MOST_OUTPUT) chunks[name].push(chunk)
      })
    }
    const end = (status: number, extra = '') => {
      clearTimeout(timer)
      if (stdin !== undefined) closeSync(stdin)
      resolve({
        status,
        stdout: Buffer.concat(chunks.stdout).toString('utf8'),
        stderr: Buffer.concat(chunks.stderr).toString('utf8') + extra,
      })
    }
    child.once('error', (error) => end(127, error.message))
    child.once('close', (status) => end(late ? 124 : (status ?? 128)))
  })
}

/** A file descriptor that holds the text; the file has no name any more when this returns. */
function openInput(input: string | undefined): number | undefined {
  if (input === undefined) return undefined
  const folder = mkdtempSync(join(tmpdir(), 'sluice-'))
  const file = join(folder, 'input')
  writeFileSync(file, input, { mode: 0o600 })
  const descriptor = openSync(file, 'r')
  rmSync(folder, { recursive: true })
  return descriptor
}
