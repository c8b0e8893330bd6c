import { closeSync, mkdtempSync, openSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type RunResult, startProgram } from './start-program.ts'

export type RunOptions = {
  /** Arguments that lead into a namespace, put in front of the command. */
  readonly enter?: readonly string[]
  readonly input?: string
  readonly timeoutMs?: number
}

/** Runs a program by its argument array, never through a shell. Input is an open file: some tools refuse a socket. */
export async function run(
  command: readonly string[],
  { enter = [], input, timeoutMs }: RunOptions = {},
): Promise<RunResult> {
  const stdin = openInput(input)
  try {
    return await startProgram([...enter, ...command], stdin ?? 'ignore').limit(timeoutMs)
  } finally {
    if (stdin !== undefined) closeSync(stdin)
  }
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
