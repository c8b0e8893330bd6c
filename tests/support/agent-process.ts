import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Lab } from '../../agent/lab/lab.ts'
import { agentClient } from '../../server/agents/agent-client.ts'

export type AgentProcess = {
  readonly client: ReturnType<typeof agentClient>
  readonly start: () => Promise<void>
  readonly kill: () => Promise<void>
  /** Ends it as an admin would, with the lab, and removes its folder. Its exit status. */
  readonly stop: () => Promise<number | null>
  readonly said: () => string
  /** The lab that it made. */
  readonly lab: () => Lab
}

type Options = {
  /** Arguments in front of the command: how to become somebody else. */
  readonly as?: readonly string[]
  readonly folder?: string
}

/** `sluice agent --mode lab` as its own process, in a folder of its own. */
export function agentProcess({
  as = [],
  folder = mkdtempSync(join(tmpdir(), 'sluice-agent-')),
}: Options = {}): AgentProcess {
  const socket = join(folder, 'agent.sock')
  const client = agentClient(socket)
  const main = join(import.meta.dirname, '../../bin/main.ts')
  let child: ChildProcess | undefined
  let said = ''
  const ended = (process: ChildProcess) =>
    process.exitCode !== null || process.signalCode !== null
      ? Promise.resolve()
      : new Promise<void>((resolve) => process.once('exit', () => resolve()))
  return {
    client,
    said: () => said,
    lab: () => JSON.parse(readFileSync(join(folder, 'state', 'lab.json'), 'utf8')) as Lab,
    start: async () => {
      const [program = '', ...args] = [
        ...as,
        process.execPath,
        main,
        'agent',
        '--mode',
        'lab',
        '--state',
        join(folder, 'state'),
        '--socket',
        socket,
      ]
      const started = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], cwd: '/' })
      started.stderr?.on('data', (chunk: Buffer) => {
        said += chunk.toString('utf8')
      })
      child = started
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
