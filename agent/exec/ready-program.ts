import { run } from './run.ts'
import { type RunResult, type StartedProgram, startProgram } from './start-program.ts'

/** A program that is run again and again, each time with an input of its own. */
export type ReadyProgram = {
  readonly run: (input: string) => Promise<RunResult>
  /** Starts the next one, which waits for its input. */
  readonly prepare: () => void
  /** Ends the one that waits, and starts no other. */
  readonly close: () => void
}

/**
 * Up to so many bytes go into a pipe by one call of write(2), so that all of them arrive or none. A longer input could be cut where
 * this process is killed, and the first half of a transaction may only delete: it is given to a program of its own, as a file.
 */
const WHOLE_BYTES = 32_768

/**
 * Keeps a program started before there is anything for it to do, because starting it takes longer than what it does. It must take
 * its input from a pipe, and look at nothing else before that has ended, as `nft -f -` does. One that is given none, because this
 * process ends, does nothing.
 */
export function readyProgram(command: readonly string[], enter: readonly string[]): ReadyProgram {
  let waiting: StartedProgram | undefined
  let isClosed = false
  return {
    run: (input) => {
      const program = waiting
      const fits = Buffer.byteLength(input) <= WHOLE_BYTES
      if (!fits || program?.stdin == null || !program.isRunning()) return run(command, { enter, input })
      waiting = undefined
      program.stdin.end(input)
      return program.limit()
    },
    prepare: () => {
      if (isClosed || waiting?.isRunning() === true) return
      waiting = startProgram([...enter, ...command], 'pipe')
    },
    close: () => {
      isClosed = true
      waiting?.stdin?.end()
      waiting = undefined
    },
  }
}
