import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '../..')

type Outcome = { readonly status: number; readonly stdout: string; readonly stderr: string }

/** Sluice as `npm start` runs it, on a port and in a folder of its own. */
export type Instance = {
  readonly origin: string
  readonly data: string
  /** What it has printed to standard output, and to standard error. */
  readonly printed: () => Readonly<Record<'stdout' | 'stderr', string>>
  /** Runs `bin/sluice` with the folder of this instance. */
  readonly sluice: (...args: string[]) => Promise<Outcome>
  /** A sign-in link that was not used yet. */
  readonly link: () => Promise<string>
  readonly agentPid: () => number | undefined
  readonly consolePid: () => number | undefined
  /** Ends it by a signal and tells how many milliseconds that took. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<number>
}

export async function startInstance(...options: string[]): Promise<Instance> {
  const port = await freePort()
  const data = mkdtempSync(join(tmpdir(), 'sluice-e2e-'))
  const printed = { stdout: '', stderr: '' }
  const child = spawn(process.execPath, ['scripts/start.ts', '--port', String(port), '--data', data, ...options], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.on('data', (chunk: Buffer) => {
      printed[name] += chunk.toString('utf8')
    })
  }
  await untilReady(child, printed)
  const sluice = (...args: string[]) => run(join(root, 'bin/sluice'), ['--data', data, ...args])
  return {
    origin: `http://127.0.0.1:${port}`,
    data,
    printed: () => printed,
    sluice,
    link: async () => (await sluice('sign-in-link', '--port', String(port))).stdout.trim(),
    agentPid: () => pidOf(`${data}/agent.sock`),
    consolePid: () => childrenOf(child.pid).find((pid) => pid !== pidOf(`${data}/agent.sock`)),
    stop: async (signal = 'SIGTERM') => {
      const started = Date.now()
      const ended = new Promise((resolve) => child.once('exit', resolve))
      if (child.exitCode === null) {
        child.kill(signal)
        await ended
      }
      rmSync(data, { recursive: true, force: true })
      return Date.now() - started
    },
  }
}

function untilReady(child: ChildProcess, printed: { stdout: string; stderr: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdout?.on('data', () => {
      if (printed.stdout.includes('Sluice is ready: ')) resolve()
    })
    child.once('exit', (status) => reject(new Error(`npm start ended with ${status}: ${printed.stderr}`)))
  })
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0))
    })
  })
}

function run(program: string, args: readonly string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(program, args, (error, stdout, stderr) => {
      const status = typeof error?.code === 'number' ? error.code : error === null ? 0 : 1
      resolve({ status, stdout, stderr })
    })
  })
}

function childrenOf(pid: number | undefined): readonly number[] {
  const text = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim()
  return text === '' ? [] : text.split(' ').map(Number)
}

/** The process that was started with this argument; the newest, should one be ending. */
function pidOf(argument: string): number | undefined {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  return pids
    .map(Number)
    .sort((a, b) => b - a)
    .find((pid) => argumentsOf(pid).includes(argument))
}

function argumentsOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0')
  } catch {
    return []
  }
}
