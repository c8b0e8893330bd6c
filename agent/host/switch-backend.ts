import { applyEbtables } from '../apply/apply-ebtables.ts'
import { applyNft } from '../apply/apply-nft.ts'
import { planEbtables } from '../apply/plan-ebtables.ts'
import type { BackendName, InstallOutcome } from '../link/contract.ts'
import { observe } from '../observe/observe.ts'
import { compileDevices } from '../reconcile/compile-desired.ts'
import { planNft } from '../reconcile/plan-nft.ts'
import { appliedDevices } from './applied-devices.ts'
import type { HostCore } from './host-core.ts'
import { installEbtables } from './install-ebtables.ts'
import { installNft } from './install-nft.ts'
import { refuseInput, refuseKernel } from './outcome.ts'

/** New rules in, then the old out: between the two both judge, and nothing passes that either would stop. */
export async function switchBackend(core: HostCore, backend: BackendName): Promise<InstallOutcome | undefined> {
  if (core.state().backend === backend) return undefined
  await core.look(true)
  const devices = appliedDevices(core.state())
  // A device that the other backend cannot have would be open between the two: then nothing is switched.
  const { errors } =
    backend === 'ebiptables' ? compileDevices(devices) : { errors: new Map<string, readonly string[]>() }
  if (errors.size > 0) return refuseInput([...errors.values()].flat())
  const change = { devices, clear: [], why: 'switching' } as const
  const outcome = await (backend === 'nftables'
    ? installNft(core, change, { isStrict: true })
    : installEbtables(core, change))
  if (!outcome.ok) return outcome
  const names = devices.map(({ portDevice }) => portDevice)
  const left = await (backend === 'nftables' ? removeEbtables(core, names) : removeNft(core))
  await core.look(true)
  return left === undefined ? outcome : refuseKernel(left)
}

async function removeEbtables({ options: { enter } }: HostCore, names: readonly string[]): Promise<string | undefined> {
  const { chains } = await observe(enter, { backend: 'ebiptables', isTerse: true, withLinks: false })
  const plan = planEbtables(
    names.map((portDevice) => ({ portDevice, ruleset: undefined })),
    chains,
  )
  return 'error' in plan ? plan.error : applyEbtables(plan.text, enter)
}

function removeNft(core: HostCore): Promise<string | undefined> {
  core.loaded = undefined
  const kernel = { ...core.kernel(), before: undefined }
  const plan = planNft({ applied: {}, observed: [] }, { devices: [], clear: [] }, kernel)
  return 'errors' in plan ? Promise.resolve([...plan.errors.values()].join('\n')) : applyNft(plan.text, core.nft)
}
