import { type ChildProcess, spawn } from 'node:child_process'

type Program = {
  readonly name: string
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env: NodeJS.ProcessEnv
  /** The exit status after which starting again is of no use. */
  readonly giveUpOn: number
}

export type Supervised = { readonly stop: () => Promise<void>; readonly gaveUp: Promise<'gave-up'> }

const PATIENCE_MS = 4000
const FIRST_PAUSE_MS = 1000
const LONGEST_PAUSE_MS = 8000

/** Runs a program and starts it again when it ends by itself, with a growing pause. What it prints goes to standard error. */
export function keepRunning(program: Program): Supervised {
  let child: ChildProcess | undefined
  let stopping = false
  let pause = FIRST_PAUSE_MS / 2
  let timer: NodeJS.Timeout | undefined
  let giveUp: (word: 'gave-up') => void = () => undefined
  const gaveUp = new Promise<'gave-up'>((resolve) => {
    giveUp = resolve
  })
  start()
  return { stop, gaveUp }

  function start(): void {
    const started = Date.now()
    // A group of its own: Ctrl-C in the terminal must reach this process alone, which then ends the others in order.
    child = spawn(program.command, program.args, {
      cwd: program.cwd,
      env: program.env,
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    })
    child.stdout?.pipe(process.stderr, { end: false })
    child.once('exit', (status, signal) => {
      child = undefined
      if (stopping) return
      if (status === program.giveUpOn) {
        console.error(`sluice: the ${program.name} cannot run here`)
        giveUp('gave-up')
        return
      }
      pause = Date.now() - started > 10_000 ? FIRST_PAUSE_MS : Math.min(pause * 2, LONGEST_PAUSE_MS)
      console.error(`sluice: the ${program.name} ended (${signal ?? status}); starting it again`)
      timer = setTimeout(start, pause)
    })
  }

  async function stop(): Promise<void> {
    stopping = true
    clearTimeout(timer)
    const running = child
    if (running === undefined) return
    const ended = new Promise<void>((resolve) => running.once('exit', () => resolve()))
    running.kill('SIGTERM')
    const late = setTimeout(() => running.kill('SIGKILL'), PATIENCE_MS)
    await ended
    clearTimeout(late)
  }
}
