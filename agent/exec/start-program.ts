import type { Socket } from 'node:net'
import type { Writable } from 'node:stream'
import { spawnProgram } from './spawn-program.ts'

/** How a program ended. `status` is 127 where it could not be started, 124 where its time was up. */
export type RunResult = { readonly status: number; readonly stdout: string; readonly stderr: string }

/** A program that runs. Until `limit` is called it may for ever, and does not keep this process from ending. */
export type StartedProgram = {
  /** How it ends, at the latest when its time is up. */
  readonly limit: (timeoutMs?: number) => Promise<RunResult>
  readonly isRunning: () => boolean
  /** Where its input is written, if that is a pipe. */
  readonly stdin: Writable | null
}

const DEFAULT_TIMEOUT_MS = 15_000
const MOST_OUTPUT = 64_000_000

/** Starts a program by its argument array, never through a shell, with an open file or a pipe as its input. */
export function startProgram(command: readonly string[], input: number | 'ignore' | 'pipe'): StartedProgram {
  const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] }
  let size = 0
  let isLate = false
  let isRunning = true
  let timer: NodeJS.Timeout | undefined
  const child = spawnProgram(command, [input, 'pipe', 'pipe'])
  const pipes = [child.stdin, child.stdout, child.stderr] as readonly (Socket | null)[]
  for (const part of [child, ...pipes]) part?.unref()
  // How it ends tells of an input that it did not take.
  child.stdin?.on('error', () => undefined)
  const result = new Promise<RunResult>((resolve) => {
    for (const name of ['stdout', 'stderr'] as const) {
      child[name]?.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size <= MOST_OUTPUT) chunks[name].push(chunk)
      })
    }
    const end = (status: number, extra = '') => {
      isRunning = false
      clearTimeout(timer)
      resolve({
        status,
        stdout: Buffer.concat(chunks.stdout).toString('utf8'),
        stderr: Buffer.concat(chunks.stderr).toString('utf8') + extra,
      })
    }
    child.once('exit', () => {
      isRunning = false
    })
    child.once('error', (error) => end(127, error.message))
    child.once('close', (status) => end(isLate ? 124 : (status ?? 128)))
  })
  const limit = (timeoutMs = DEFAULT_TIMEOUT_MS) => {
    for (const part of [child, ...pipes]) part?.ref()
    timer = setTimeout(() => {
      isLate = true
      child.kill('SIGKILL')
    }, timeoutMs)
    return result
  }
  return { limit, isRunning: () => isRunning, stdin: child.stdin }
}
