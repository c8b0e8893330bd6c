import { mkdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { discoverBindings } from './discover/discover-bindings.ts'
import { watchFolder } from './discover/watch-folder.ts'
import { type Capability, dropCapabilities } from './exec/drop-capabilities.ts'
import { type Host, openHost } from './host/host.ts'
import { LabRefused } from './lab/create-lab.ts'
import { adoptOrCreateLab, forgetLab } from './lab/keep-lab.ts'
import { enterHost, type Lab } from './lab/lab.ts'
import { removeLab } from './lab/remove-lab.ts'
import type { BackendName } from './link/contract.ts'
import { listen } from './link/listen.ts'
import { log, wordsOf } from './log.ts'
import { probeCapabilities } from './preflight/nft-probes.ts'

export type AgentOptions = {
  readonly mode: 'lab' | 'host' | 'libvirt'
  readonly stateDir: string
  readonly socket: string
  readonly backend: BackendName
  /** The bits of the mark that rules may use. */
  readonly markMask: number
}

const HOST_CAPABILITIES: readonly Capability[] = ['net_admin', 'net_raw']
/** A lab is made of namespaces, and somebody who tries something in it is root there. */
const LAB_CAPABILITIES: readonly Capability[] = [
  ...HOST_CAPABILITIES,
  'sys_admin',
  'sys_chroot',
  'sys_ptrace',
  'setuid',
  'setgid',
]
/** libvirt's own, spec 8.1, and those of whoever runs guests in another way. */
const BINDING_FOLDERS = [
  { path: '/run/libvirt/nwfilter-binding', origin: 'libvirt' },
  { path: '/etc/sluice/bindings', origin: 'file' },
] as const
const LOOK_EVERY_MS = 1000
/** Another one after each start of the system. proc(5). */
const BOOT_ID = '/proc/sys/kernel/random/boot_id'

/** Runs the agent until SIGTERM or SIGINT. 0: ended when told; 4: this system does not allow what the mode needs. */
export async function runAgent(options: AgentOptions): Promise<0 | 4> {
  const { mode, stateDir, socket, backend, markMask } = options
  if (mode === 'libvirt') {
    console.error('sluice agent: mode libvirt arrives with a later version; host manages the NICs of bridges by itself')
    return 4
  }
  dropCapabilities(mode === 'lab' ? LAB_CAPABILITIES : HOST_CAPABILITIES)
  mkdirSync(stateDir, { recursive: true, mode: 0o700 })
  const stop = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => stop.abort())
  const lab = mode === 'lab' ? await labOf(stateDir) : undefined
  if (lab === 'refused') return 4
  const enter = lab === undefined ? [] : enterHost(lab)
  const capabilities = await probeCapabilities(enter, markMask)
  const host = openHost({
    mode,
    rootless: lab?.rootless ?? false,
    stateDir,
    enter,
    backend,
    capabilities,
    isLogged: true,
  })
  await host.look()
  await host.watch(readFileSync(BOOT_ID, 'utf8').trim())
  const switched = await host.switchBackend()
  if (switched !== undefined && !switched.ok) log('error', 'switch', { text: `${switched.message} ${switched.raw}` })
  const close = await listen(socket, { host, lab })
  const discovery = mode === 'host' ? discover(host) : undefined
  await watch(host.look, stop.signal)
  discovery?.close()
  await close()
  host.persist()
  host.close()
  if (lab !== undefined) {
    removeLab(lab)
    forgetLab(stateDir)
  }
  return 0
}

async function labOf(stateDir: string): Promise<Lab | 'refused'> {
  try {
    return await adoptOrCreateLab(stateDir)
  } catch (error) {
    if (!(error instanceof LabRefused)) throw error
    console.error(`sluice agent: ${error.message}`)
    return 'refused'
  }
}

/** Finds the bindings of this host, and finds them anew when their folders change. They are told of, and nothing is done with them. */
function discover(host: Host): { readonly close: () => void } {
  const find = () => host.setFound(discoverBindings(BINDING_FOLDERS))
  const watched = BINDING_FOLDERS.map(({ path }) => watchFolder(path, find))
  find()
  return {
    close: () => {
      for (const { close } of watched) close()
    },
  }
}

/** Looks at the kernel once a second until told to stop; a look that fails is told and tried again. */
async function watch(look: () => Promise<void>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sleep(LOOK_EVERY_MS, undefined, { signal }).catch(() => undefined)
    if (signal.aborted) return
    try {
      await look()
    } catch (error) {
      log('error', 'look', { text: wordsOf(error) })
    }
  }
}
