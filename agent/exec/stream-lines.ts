import { createInterface } from 'node:readline'
import { PROGRAMS } from './programs.ts'
import { spawnProgram } from './spawn-program.ts'

export type LineStream = {
  /** Ends the program; `onEnd` is not called then. */
  readonly close: () => void
  /** Gives it a text, where it has an input. What it does not take is told by how it ends. */
  readonly write: (text: string) => void
}
export type StreamOptions = {
  /** Arguments that lead into a namespace, put in front of the command. */
  readonly enter?: readonly string[]
  /** The program takes input, and ends with it: also when this process is killed. */
  readonly hasInput?: boolean
  readonly onLine: (line: string) => void
  /** The program ended by itself, or could not be started; its last words. */
  readonly onEnd: (said: string) => void
}

const MOST_WORDS = 4000
/** A program that only writes would outlive this process when that is killed, until it has something to tell. */
const ENDS_WITH_US = ['setpriv', '--pdeathsig', 'TERM', '--']

/** Runs a program that goes on telling, line by line, by its argument array and never through a shell. */
export function streamLines(
  command: readonly string[],
  { enter = [], hasInput = false, onLine, onEnd }: StreamOptions,
): LineStream {
  const [name = '', ...args] = [...enter, ...command]
  const program = PROGRAMS[name as keyof typeof PROGRAMS] ?? name
  const child = spawnProgram([...ENDS_WITH_US, program, ...args], [hasInput ? 'pipe' : 'ignore', 'pipe', 'pipe'])
  let said = ''
  let isOver = false
  const end = (extra = '') => {
    if (isOver) return
    isOver = true
    onEnd(said + extra)
  }
  child.stderr?.on('data', (chunk: Buffer) => {
    if (said.length < MOST_WORDS) said += chunk.toString('utf8')
  })
  child.stdin?.on('error', () => undefined)
  if (child.stdout) createInterface({ input: child.stdout }).on('line', onLine)
  child.once('error', (error) => end(error.message))
  child.once('close', () => end())
  return {
    write: (text) => {
      if (!isOver) child.stdin?.write(text)
    },
    close: () => {
      isOver = true
      child.kill('SIGTERM')
    },
  }
}
