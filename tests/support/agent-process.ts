import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Lab } from '../../agent/lab/lab.ts'
import { agentClient } from '../../server/agents/agent-client.ts'

export type AgentProcess = {
  readonly client: ReturnType<typeof agentClient>
  readonly stateDir: string
  readonly start: () => Promise<void>
  /** The same, without waiting until it answers. */
  readonly launch: () => void
  readonly pid: () => number | undefined
  /** The lab that it made when it was first started, and takes again each time. */
  readonly lab: () => Lab
  readonly kill: () => Promise<void>
  /** Ends it as an admin would, with the lab, and removes its folder. Its exit status. */
  readonly stop: () => Promise<number | null>
  readonly said: () => string
}

type Options = {
  /** Arguments in front of the command: how to become somebody else. */
  readonly as?: readonly string[]
  readonly folder?: string
  readonly mode?: 'lab' | 'host'
}

/** `sluice agent --mode lab` as its own process, in a folder of its own. */
export function agentProcess({
  as = [],
  mode = 'lab',
  folder = mkdtempSync(join(tmpdir(), 'sluice-agent-')),
}: Options = {}): AgentProcess {
  const socket = join(folder, 'agent.sock')
  const stateDir = join(folder, 'state')
  const client = agentClient(socket)
  const main = join(import.meta.dirname, '../../bin/main.ts')
  let child: ChildProcess | undefined
  let said = ''
  const ended = (process: ChildProcess) =>
    process.exitCode !== null || process.signalCode !== null
      ? Promise.resolve()
      : new Promise<void>((resolve) => process.once('exit', () => resolve()))
  const launch = () => {
    const command = [...as, process.execPath, main, 'agent', '--mode', mode, '--state', stateDir, '--socket', socket]
    const [program = '', ...args] = command
    const started = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], cwd: '/' })
    started.stderr?.on('data', (chunk: Buffer) => {
      said += chunk.toString('utf8')
    })
    child = started
    return started
  }
  return {
    client,
    stateDir,
    said: () => said,
    pid: () => child?.pid,
    launch: () => void launch(),
    lab: () => JSON.parse(readFileSync(join(stateDir, 'lab.json'), 'utf8')) as Lab,
    start: async () => {
      const started = launch()
      for (let tries = 0; tries < 200; tries += 1) {
        const answers = await client.host.state.query().then(
          () => true,
          () => false,
        )
        if (answers) return
        if (started.exitCode !== null) throw new Error(`the agent ended with ${started.exitCode}: ${said}`)
        await sleep(50)
      }
      throw new Error(`the agent does not answer: ${said}`)
    },
    kill: async () => {
      if (child === undefined) return
      child.kill('SIGKILL')
      await ended(child)
    },
    stop: async () => {
      if (child !== undefined) {
        child.kill('SIGTERM')
        await ended(child)
      }
      rmSync(folder, { recursive: true, force: true })
      return child?.exitCode ?? null
    },
  }
}
