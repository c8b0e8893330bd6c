import { log } from '../log.ts'
import { heal } from './heal.ts'
import type { HostCore } from './host-core.ts'
import { installNft } from './install-nft.ts'
import type { WindowCalls } from './window-calls.ts'

/** What `begin` has to know of the time before: whether the process before ended before it had looked at what it loaded. */
export type Before = { readonly boot: string; readonly isUnseen: boolean }

/** Makes sure of the kernel when the agent starts, whatever happened while there was none. */
export async function begin(
  core: HostCore,
  { takeBack }: Pick<WindowCalls, 'takeBack'>,
  { boot, isUnseen }: Before,
): Promise<void> {
  const before = core.state().boot
  core.handle({ kind: 'boot', boot })
  const { applied, lostAt, windows, backend } = core.state()
  const hasRules = Object.keys(applied).length > 0
  if (before !== '' && before !== boot) {
    // Rules of the last start are gone, or were loaded from the file: what was never confirmed is not loaded again.
    for (const id of Object.keys(windows)) await takeBack(id, 'the start of the system')
    if (backend !== 'nftables' || Object.keys(core.state().applied).length === 0) return
    const outcome = await installNft(core, { devices: [], clear: [], why: 'start' }, { isHealing: true })
    if (!outcome.ok) log('error', 'start', { text: `${outcome.message} ${outcome.raw}` })
  } else if (isUnseen && lostAt === null && hasRules) {
    // What others did to it meanwhile would show nowhere.
    const text = 'The agent was ended before it had looked at what it loaded last, which is loaded once more.'
    core.handle({ kind: 'told', what: 'healing', text, portDevices: [] })
    await heal(core)
    // Drift that the first look found: it was asked to be healed before anybody listened.
  } else if (core.state().isHealing) await heal(core)
}
