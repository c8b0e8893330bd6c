import { existsSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { writeDurable } from './durable-file.ts'
import type { HostCore } from './host-core.ts'
import type { AgentState } from './reconcile/agent-state.ts'
import { planNft } from './reconcile/plan-nft.ts'

/** What `nft -f` loads when the system starts, before there is a network: in the state directory. */
const NAME = 'rules.nft'

/**
 * Writes the rules for the next start of the system: what was applied, and for changes that wait for their confirmation what was before
 * them. With the backend ebiptables, and where there is nothing, there is no such file.
 */
export function writeBootFile(core: HostCore): void {
  const file = join(core.options.stateDir, NAME)
  const state = core.state()
  const kernel = { ...core.kernel(), before: undefined }
  const applied = confirmed(state)
  const isNeeded = state.backend === 'nftables' && Object.keys(applied).length > 0
  const plan = isNeeded ? planNft({ applied, observed: state.observed }, { devices: [], clear: [] }, kernel) : undefined
  if (plan === undefined) {
    if (existsSync(file)) rmSync(file)
    return
  }
  if ('errors' in plan) {
    console.error(
      `sluice agent: the rules for the next start cannot be written: ${[...plan.errors.values()].join(' ')}`,
    )
    return
  }
  const text = `# Written by the Sluice agent. Generation ${plan.hash}.\n${plan.text}`
  writeDurable(file, text, { header: false, previous: true })
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
