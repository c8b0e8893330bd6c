import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { PREVIOUS_FILE, RULES_FILE } from '../install/places.ts'
import { log } from '../log.ts'
import type { AgentState } from '../reconcile/agent-state.ts'
import { planNft } from '../reconcile/plan-nft.ts'
import { writeDurable } from './durable-file.ts'
import type { HostCore } from './host-core.ts'

export type BootFile = {
  /** Behind the answer to a change, once for many in a row. */
  readonly writeSoon: () => void
  /** What was to be written soon. */
  readonly writeNow: () => void
  readonly close: () => void
}

const AFTER_MS = 300

/**
 * Writes the rules that `nft -f` loads at the next start of the system, before there is a network: what was applied, and for changes that wait for their confirmation what was before
 * them. With the backend ebiptables, and where there is nothing, there is no such file.
 */
export function bootFile(core: HostCore): BootFile {
  let timer: NodeJS.Timeout | undefined
  const close = () => {
    clearTimeout(timer)
    timer = undefined
  }
  return {
    writeSoon: () => {
      timer ??= setTimeout(() => {
        core.inBackground(async () => {
          timer = undefined
          write(core)
        })
      }, AFTER_MS)
    },
    writeNow: () => {
      if (timer !== undefined) write(core)
      close()
    },
    close,
  }
}

function write(core: HostCore): void {
  const { stateDir } = core.options
  const file = join(stateDir, RULES_FILE)
  const state = core.state()
  const kernel = { ...core.kernel(), before: undefined }
  const applied = confirmed(state)
  const isNeeded = state.backend === 'nftables' && Object.keys(applied).length > 0
  const plan = isNeeded ? planNft({ applied, observed: state.observed }, { devices: [], clear: [] }, kernel) : undefined
  if (plan === undefined) {
    for (const name of [file, join(stateDir, PREVIOUS_FILE)]) rmSync(name, { force: true })
    return
  }
  if ('errors' in plan) {
    log('error', 'boot-file', {
      text: `The rules for the next start cannot be written: ${[...plan.errors.values()].join(' ')}`,
    })
    return
  }
  const text = `# Written by the Sluice agent. Generation ${plan.hash}.\n${plan.text}`
  writeDurable(file, text, { header: false, previous: true, sync: true })
}

function confirmed({ applied, windows }: AgentState): AgentState['applied'] {
  const devices = { ...applied }
  for (const { before } of Object.values(windows))
    for (const [name, device] of Object.entries(before)) {
      if (device === null) delete devices[name]
      else devices[name] = { ...device, fingerprint: null }
    }
  return devices
}
