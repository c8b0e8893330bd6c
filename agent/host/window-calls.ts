import type { InstallOutcome, WindowInput, WindowOutcome } from '../link/contract.ts'
import type { HostCore } from './host-core.ts'
import { installEbtables } from './install-ebtables.ts'
import { installNft } from './install-nft.ts'
import { done } from './outcome.ts'
import { changeBack, findWindow } from './windows.ts'

/** What can be asked of changes that wait for their confirmation. Each call is made in turn. */
export type WindowCalls = {
  readonly confirm: (input: WindowInput) => WindowOutcome
  readonly extend: (input: WindowInput & { readonly seconds: number }) => WindowOutcome
  readonly rollBack: (input: WindowInput) => Promise<WindowOutcome>
  /** Takes a change back because its time is over, or because of who is named. */
  readonly takeBack: (id: string, by: string | null) => Promise<InstallOutcome>
}

export function windowCalls(core: HostCore): WindowCalls {
  /** The window of which was told that it cannot be taken back. */
  let toldFailure = ''
  const takeBack = async (id: string, by: string | null): Promise<InstallOutcome> => {
    const window = core.state().windows[id]
    if (window === undefined) return done({ devices: [], clear: [] })
    const change = changeBack(window, by)
    const outcome = await (core.state().backend === 'nftables'
      ? installNft(core, change)
      : installEbtables(core, change))
    if (outcome.ok || toldFailure === id) return outcome
    toldFailure = id
    const text = `The change cannot be taken back, and this is tried again: ${outcome.message} ${outcome.raw}`
    core.handle({ kind: 'told', what: 'alarm', text, portDevices: Object.keys(window.before) })
    return outcome
  }
  return {
    confirm: (input) => {
      const window = findWindow(core, input)
      if ('ok' in window) return window
      core.handle({ kind: 'confirmed', id: window.id, by: input.by ?? null })
      core.write()
      return { ok: true, until: null }
    },
    extend: (input) => {
      const window = findWindow(core, input)
      if ('ok' in window) return window
      core.handle({ kind: 'extended', id: window.id, seconds: input.seconds, by: input.by ?? null })
      core.write()
      return { ok: true, until: core.state().windows[window.id]?.until ?? null }
    },
    rollBack: async (input) => {
      const window = findWindow(core, input)
      if ('ok' in window) return window
      const outcome = await takeBack(window.id, input.by ?? 'somebody')
      return outcome.ok ? { ok: true, until: null } : { ok: false, reason: 'refused', message: outcome.message }
    },
    takeBack,
  }
}
