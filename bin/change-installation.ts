import { dirname, join, resolve } from 'node:path'
import type { InstallOptions } from '../agent/install/install-options.ts'
import { type ExitStatus, UsageError } from './command.ts'

/** What was asked for on the command line. */
type Asked = Pick<InstallOptions, 'backend' | 'markMask'> & {
  readonly install: boolean
  readonly uninstall: boolean
  readonly mode?: string | undefined
  readonly root?: string | undefined
  readonly state?: string | undefined
  readonly socket?: string | undefined
  readonly 'bridge-netfilter': boolean
}

/** `sluice agent --install` and `--uninstall`: each step is a line of the output. 1 where something stood in the way. */
export async function changeInstallation(asked: Asked): Promise<ExitStatus> {
  if (asked.install && asked.uninstall) throw new UsageError('--install and --uninstall exclude each other')
  if ((asked.mode ?? 'host') !== 'host') throw new UsageError(`the units run the agent in mode host, not ${asked.mode}`)
  const options: InstallOptions = {
    root: asked.root === undefined ? undefined : resolve(asked.root),
    stateDir: resolve(asked.state ?? '/var/lib/sluice'),
    socket: resolve(asked.socket ?? '/run/sluice/agent.sock'),
    backend: asked.backend,
    markMask: asked.markMask,
    bridgeNetfilter: asked['bridge-netfilter'],
    program: [process.execPath, join(dirname(import.meta.dirname), 'bin/main.ts')],
  }
  const say = (step: string) => process.stdout.write(`${step}\n`)
  const obstacle = await attempt(async () => {
    if (asked.install) return (await import('../agent/install/install.ts')).install(options, say)
    return (await import('../agent/install/uninstall.ts')).uninstall(options, say)
  })
  if (obstacle === undefined) return 0
  process.stderr.write(`sluice: ${obstacle}\n`)
  return 1
}

/** What the file system refuses is told in its words. */
async function attempt(work: () => Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return error.message
    throw error
  }
}
