import type { InstallOutcome } from '../link/contract.ts'
import { appliedDevices } from './applied-devices.ts'
import type { HostCore } from './host-core.ts'
import { installEbtables } from './install-ebtables.ts'
import { installNft } from './install-nft.ts'
import { done } from './outcome.ts'

/** Makes the kernel what was applied, from our own texts. */
export async function heal(core: HostCore): Promise<InstallOutcome> {
  const nothing = { devices: [], clear: [], why: 'healing' } as const
  const isNft = core.state().backend === 'nftables'
  // An apply that came in between has made everything anew already.
  if (isNft && core.loaded !== undefined) return done(nothing)
  const outcome = isNft
    ? await installNft(core, nothing, { isHealing: true })
    : await installEbtables(core, { ...nothing, devices: appliedDevices(core.state()) })
  if (!outcome.ok) core.handle({ kind: 'heal-failed', raw: `${outcome.message} ${outcome.raw}`.trim() })
  return outcome
}
