import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { run } from '../../agent/exec/run.ts'
import { enterHost } from '../../agent/lab/lab.ts'
import { agentClient } from '../../server/agents/agent-client.ts'
import type { FuzzReady } from '../support/fuzz-agent.ts'
import { drawMessage, type FuzzMessage, tooLong } from '../support/fuzz-messages.ts'
import { type FuzzAnswer, openFuzzSender } from '../support/fuzz-send.ts'
import { desire, GUEST } from '../support/lab-host.ts'
import { makeRandom, seedOfRun } from '../support/random.ts'
import { residentKb } from '../support/resident-kb.ts'
import { tablesText } from '../support/tables-text.ts'

/** An agent that is given nothing but what it must not take goes on as if nothing had been. */

const MESSAGES = Number(process.env.SLUICE_MESSAGES ?? 3000)
const SEED = seedOfRun(13)
const WARM_UP = Math.min(Math.floor(MESSAGES / 2), 20_000)
const MOST_GROWTH_KB = 50_000
/** What waits to be collected is no growth: how much of that there is at once depends on how loaded the machine is. */
const GIVE_BACK_EVERY = 2000
const WORKERS = 24
const CONNECTIONS = 16
/** Beside the workers; the agent takes 64 connections. */
const MOST_HELD = 12
/** The agent waits 5 seconds for headers; this is for a loaded machine. */
const HELD_MS = 20_000
const CROWD = 100
/** When all its connections are taken the agent refuses more for a while. */
const ANSWERS_WITHIN_MS = 30_000

const folder = mkdtempSync(join(tmpdir(), 'sluice-fuzz-'))
const socket = join(folder, 'agent.sock')
const client = agentClient(socket)
let agent: ChildProcess
let enter: readonly string[]
let said = ''

beforeAll(async () => {
  // Another user gets as far as the socket.
  chmodSync(folder, 0o755)
  mkdirSync(join(folder, 'state'))
  const program = join(import.meta.dirname, '../support/fuzz-agent.ts')
  agent = spawn(process.execPath, ['--expose-gc', program, socket, join(folder, 'state')], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  agent.stderr?.on('data', (chunk: Buffer) => {
    said += chunk.toString()
  })
  if (agent.stdout === null) throw new Error('no output')
  const [line = ''] = await createInterface({ input: agent.stdout })
    [Symbol.asyncIterator]()
    .next()
    .then(({ value }) => [value])
  enter = enterHost((JSON.parse(line) as FuzzReady).lab)
  expect(await client.host.install.mutate(desire('clean-traffic', { IP: GUEST.ip }))).toMatchObject({ ok: true })
})
afterAll(async () => {
  const ended = new Promise((resolve) => agent.once('exit', resolve))
  agent.stdin?.end()
  await ended
  rmSync(folder, { recursive: true })
})

test(
  `${MESSAGES} messages that no agent should take`,
  async () => {
    const random = makeRandom(SEED)
    const sender = openFuzzSender(socket, CONNECTIONS)
    const pid = agent.pid ?? 0
    const before = await shape()
    const answers = new Map<string, number>()
    const bad: string[] = []
    const held: Promise<FuzzAnswer>[] = []
    let [sent, reached, warm] = [0, 0, 0]
    const take = (message: FuzzMessage, { status, text }: FuzzAnswer) => {
      answers.set(String(status), (answers.get(String(status)) ?? 0) + 1)
      if (/(^|\r\n\r\n)\{"(error|result)"/.test(text)) reached += 1
      if (typeof status === 'number' && status >= 500 && status !== 501)
        bad.push(`${message.what}: ${text.slice(0, 300)}`)
    }
    const work = async () => {
      while (sent < MESSAGES) {
        sent += 1
        const number = sent
        const message = drawMessage(random)
        if (message.kind === 'bytes' && message.isHeld) {
          if (held.length < MOST_HELD) held.push(sender.send(message))
          continue
        }
        take(message, await sender.send(message))
        if (number === WARM_UP) warm = await keptKb(pid)
        if (number % GIVE_BACK_EVERY === 0) process.kill(pid, 'SIGUSR2')
        if (number % 1000 === 0) {
          await crowd()
          await expect.poll(isAnswering, { timeout: ANSWERS_WITHIN_MS, interval: 500 }).toBe(true)
        }
        for (const answer of number % 500 === 0 ? held.splice(0) : []) {
          const { milliseconds, status } = await answer
          take(message, await answer)
          if (milliseconds > HELD_MS) bad.push(`a slow sender was waited for ${Math.round(milliseconds)} ms: ${status}`)
        }
      }
    }
    // What costs most comes first, so that the process is as big as it gets before its growth is measured.
    await Promise.all(Array.from({ length: 4 }, () => sender.send(tooLong())))
    await crowd()
    await Promise.all(Array.from({ length: WORKERS }, work))
    for (const answer of held.splice(0)) expect((await answer).milliseconds).toBeLessThan(HELD_MS)
    sender.close()
    const kb = { warm, now: await keptKb(pid) }
    console.log(
      `protocol-fuzz: seed ${SEED}, ${sent} messages, ${reached} reached the router; answers ` +
        `${[...answers]
          .sort()
          .map(([status, count]) => `${status}: ${count}`)
          .join(', ')}; ` +
        `resident ${kb.warm} kB behind ${WARM_UP} messages, ${kb.now} kB behind all`,
    )
    expect([...new Set(bad)].slice(0, 20)).toEqual([])
    expect(agent.exitCode).toBeNull()
    expect(await shape()).toEqual(before)
    expect(reached).toBeGreaterThan(MESSAGES / 2)
    expect(kb.now - kb.warm).toBeLessThan(MOST_GROWTH_KB)
    expect(said).not.toMatch(/Error|unhandled/i)
  },
  120_000 + MESSAGES * 20,
)

describe('somebody else', () => {
  const uid = process.getuid?.()
  const reason = uid === 0 ? undefined : 'only root can become another user'
  if (reason !== undefined) console.log(`skipped: connections of other users, because ${reason}`)

  test.skipIf(reason !== undefined)('is not served, whatever the mode of the socket', async () => {
    expect((await askAs(65534)).stderr).toMatch(/Permission denied/)
    chmodSync(socket, 0o666)
    expect(await askAs(65534)).toMatchObject({ status: 0, stdout: '' })
    expect(said).toMatch(/warning refused-connection uid=65534 /)
    expect((await askAs(0)).stdout).toMatch(/^HTTP\/1\.1 200/)
    chmodSync(socket, 0o660)
  })
})

async function isAnswering(): Promise<boolean> {
  return client.host.state.query().then(
    () => true,
    () => false,
  )
}

/** The memory that the agent keeps. */
async function keptKb(pid: number): Promise<number> {
  process.kill(pid, 'SIGUSR2')
  await sleep(1000)
  return residentKb(pid)
}

/** What must stay as it is: the rules in the kernel, and what is desired. */
async function shape() {
  const { portDevices, healing, windows } = await client.host.state.query()
  const devices = portDevices.map(({ portDevice, lastApplied, isObserved, broken, drift }) => {
    return { portDevice, lastApplied, isObserved, broken, drift }
  })
  return { devices, policy: healing.policy, pausedUntil: healing.pausedUntil, windows, text: await tablesText(enter) }
}

/** Many connections at once, more than the agent takes; the others are ended at once. */
async function crowd(): Promise<void> {
  const ends = Array.from({ length: CROWD }, () => {
    const connection = connect(socket)
    const ended = new Promise<void>((resolve) => connection.once('close', () => resolve()))
    connection.on('error', () => undefined)
    return { connection, ended }
  })
  await sleep(50)
  for (const { connection } of ends) connection.destroy()
  await Promise.all(ends.map(({ ended }) => ended))
  await sleep(200)
}

/** Asks for the state as another user. */
function askAs(uid: number) {
  const program = [
    'use IO::Socket::UNIX; $SIG{PIPE} = "IGNORE";',
    'my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]) or die "$!\\n";',
    'print $s "GET /host.state HTTP/1.1\\r\\nhost: a\\r\\nconnection: close\\r\\n\\r\\n";',
    'while (sysread($s, my $part, 65536)) { print $part }',
  ].join(' ')
  const as = ['setpriv', `--reuid=${uid}`, `--regid=${uid}`, '--clear-groups', '--']
  return run([...as, 'perl', '-e', program, socket])
}
