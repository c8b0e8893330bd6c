import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { buildConsole } from './build-console.ts'
import { generateStore } from './generate-store.ts'
import { installDebianPackages, LAB_PACKAGES } from './install-debian-packages.ts'
import { parseStartOptions, START_HELP, type StartOptions } from './parse-start-options.ts'
import { keepRunning, type Supervised } from './supervise.ts'
import { waitForAgent } from './wait-for-agent.ts'
import { waitForConsole } from './wait-for-console.ts'

process.exitCode = await main(process.argv.slice(2))

async function main(args: string[]): Promise<number> {
  let options: StartOptions | 'help'
  try {
    options = parseStartOptions(args)
  } catch (error) {
    console.error(`sluice: ${error instanceof Error ? error.message : error}\n\n${START_HELP}`)
    return 2
  }
  if (options === 'help') {
    process.stdout.write(START_HELP)
    return 0
  }
  let link: string
  try {
    prepare(options)
    link = await prepareStore(options)
  } catch (error) {
    console.error(`sluice: ${error instanceof Error ? error.message : error}`)
    return 1
  }
  return run(options, link)
}

/** Everything that has to exist before the first process starts. */
function prepare({ agent }: StartOptions): void {
  if (agent !== 'none') installDebianPackages(LAB_PACKAGES)
  generateStore()
  buildConsole()
}

/** Brings the database up to date and makes the two secrets: the token of the local command line and a sign-in link. */
async function prepareStore({ port, data }: StartOptions): Promise<string> {
  mkdirSync(data, { recursive: true, mode: 0o700 })
  process.env.SLUICE_DATA = data
  const token = join(data, 'token')
  if (!existsSync(token)) writeFileSync(token, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 })
  const { migrate } = await import('../server/store/migrate.ts')
  migrate(data)
  const { openStore } = await import('../server/store/open-store.ts')
  const { seed } = await import('../server/store/seed.ts')
  const { issueSignInToken } = await import('../server/auth/issue-sign-in-token.ts')
  const store = openStore(data)
  await seed(store)
  const link = `http://127.0.0.1:${port}/sign-in?token=${await issueSignInToken(store)}`
  await store.$disconnect()
  return link
}

/** Starts agent and console, says when they are ready, and ends them on a signal. */
async function run({ port, data, agent, backend }: StartOptions, link: string): Promise<number> {
  const root = join(import.meta.dirname, '..')
  const env = {
    ...process.env,
    SLUICE_DATA: data,
    SLUICE_PORT: String(port),
    SLUICE_AGENT: agent,
    NODE_ENV: 'production' as const,
  }
  const running: Supervised[] = []
  let agentReady: Promise<unknown> = Promise.resolve()
  const stopped = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => resolve())
  })
  if (agent !== 'none') {
    const command = [
      join(root, 'bin/main.ts'),
      'agent',
      '--mode',
      agent,
      '--backend',
      backend,
      '--state',
      join(data, 'agent'),
      '--socket',
      join(data, 'agent.sock'),
    ]
    // Status 4 means that the kernel gives no namespace: starting again would not help, the console runs without an agent.
    const supervised = keepRunning({
      name: 'agent',
      command: process.execPath,
      args: command,
      cwd: root,
      env,
      giveUpOn: 4,
    })
    running.push(supervised)
    agentReady = Promise.race([waitForAgent(join(data, 'agent.sock')), supervised.gaveUp])
  }
  const next = join(root, 'node_modules/next/dist/bin/next')
  running.push(
    keepRunning({
      name: 'console',
      command: process.execPath,
      args: [next, 'start', '-H', '127.0.0.1', '-p', String(port)],
      cwd: root,
      env,
      giveUpOn: 1,
    }),
  )
  const ready = await Promise.race([
    agentReady.then(() => waitForConsole(port)),
    stopped.then(() => 'stopped' as const),
    ...running.slice(-1).map(({ gaveUp }) => gaveUp),
  ])
  if (ready === 'ready') process.stdout.write(`Sluice is ready: ${link}\n`)
  else if (ready !== 'stopped')
    console.error(`sluice: the console did not start on 127.0.0.1:${port}; is the port in use?`)
  if (ready === 'ready') await Promise.race([stopped, ...running.slice(-1).map(({ gaveUp }) => gaveUp)])
  console.error('sluice: stopping')
  await Promise.all(running.map(({ stop }) => stop()))
  return ready === 'ready' || ready === 'stopped' ? 0 : 3
}
