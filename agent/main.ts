import { mkdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { openHost } from './host.ts'
import { LabRefused } from './lab/create-lab.ts'
import { adoptOrCreateLab, forgetLab } from './lab/keep-lab.ts'
import { enterHost, type Lab } from './lab/lab.ts'
import { removeLab } from './lab/remove-lab.ts'
import type { BackendName } from './link/contract.ts'
import { listen } from './link/listen.ts'
import { probeCapabilities } from './preflight/nft-probes.ts'

export type AgentOptions = {
  readonly mode: 'lab' | 'host' | 'libvirt'
  readonly stateDir: string
  readonly socket: string
  readonly backend: BackendName
  /** The bits of the mark that rules may use. */
  readonly markMask: number
}

const LOOK_EVERY_MS = 1000
/** Another one after each start of the system. proc(5). */
const BOOT_ID = '/proc/sys/kernel/random/boot_id'

/** Runs the agent until SIGTERM or SIGINT. 0: ended when told; 4: this system does not allow what the mode needs. */
export async function runAgent({ mode, stateDir, socket, backend, markMask }: AgentOptions): Promise<0 | 4> {
  if (mode !== 'lab') {
    console.error(`sluice agent: this version runs the lab only; mode ${mode} arrives with a later version`)
    return 4
  }
  mkdirSync(stateDir, { recursive: true, mode: 0o700 })
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort())
  let lab: Lab
  try {
    lab = await adoptOrCreateLab(stateDir)
  } catch (error) {
    if (!(error instanceof LabRefused)) throw error
    console.error(`sluice agent: ${error.message}`)
    return 4
  }
  const enter = enterHost(lab)
  const capabilities = await probeCapabilities(enter, markMask)
  const host = openHost({ mode, rootless: lab.rootless, stateDir, enter, backend, capabilities })
  await host.look()
  const switched = await host.switchBackend()
  if (switched !== undefined && !switched.ok) console.error(`sluice agent: ${switched.message} ${switched.raw}`)
  await host.watch(readFileSync(BOOT_ID, 'utf8').trim())
  const close = await listen(socket, { host, lab })
  await watch(host.look, stop.signal)
  await close()
  host.persist()
  host.close()
  removeLab(lab)
  forgetLab(stateDir)
  return 0
}

/** Looks at the kernel once a second until told to stop; a look that fails is told and tried again. */
async function watch(look: () => Promise<void>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return
    try {
      await look()
    } catch (error) {
      console.error(`sluice agent: ${error instanceof Error ? error.message : error}`)
    }
  }
}
