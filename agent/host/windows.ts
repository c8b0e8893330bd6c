import { randomUUID } from 'node:crypto'
import type { DesiredStateInput, InstallOutcome, WindowInput, WindowOutcome } from '../link/contract.ts'
import type { AgentState, ConfirmWindow } from '../reconcile/agent-state.ts'
import type { DesiredDevice } from '../reconcile/compile-desired.ts'
import { expiredWindow, windowOf } from '../reconcile/windows.ts'
import type { Change, HostCore } from './host-core.ts'

/** Opens a window for a change that has to be confirmed; null for one that has not. What its devices have now is kept in it. */
export function openWindow(
  { applied }: Pick<AgentState, 'applied'>,
  names: readonly string[],
  {
    confirmWithin,
    by = null,
  }: { readonly confirmWithin?: number | undefined; readonly by?: string | null | undefined },
): ConfirmWindow | null {
  if (confirmWithin === undefined) return null
  const now = Date.now()
  const before = names.map((name) => {
    const { fingerprint: _, ...device } = applied[name] ?? { fingerprint: null }
    return [name, 'filter' in device ? device : null] as const
  })
  return {
    id: randomUUID(),
    key: randomUUID(),
    by,
    openedAt: new Date(now).toISOString(),
    until: new Date(now + confirmWithin * 1000).toISOString(),
    before: Object.fromEntries(before),
  }
}

/** Why a change has to wait: one of its devices waits for the confirmation of another one. */
export function refuseBusy(
  state: Pick<AgentState, 'windows'>,
  { bindings, clear }: DesiredStateInput,
): InstallOutcome | undefined {
  const open = windowOf(state, [...bindings.map(({ portDevice }) => portDevice), ...clear])
  if (open === undefined) return undefined
  const names = Object.keys(open.before).join(', ')
  const message = `A change of ${names}${open.by === null ? '' : ` by ${open.by}`} waits for its confirmation until ${open.until}. Confirm it or roll it back first; nothing was changed.`
  return { ok: false, reason: 'busy', message, raw: '' }
}

/** The change that takes a window back: its devices get what they had before. */
export function changeBack({ id, before }: ConfirmWindow, by: string | null): Change {
  const devices = Object.entries(before).flatMap(([portDevice, device]): readonly DesiredDevice[] => {
    if (device === null) return []
    const { filter, bindingXml, filters } = device
    return [{ portDevice, filter, bindingXml, filters, whenBroken: 'keep' }]
  })
  const clear = Object.keys(before).filter((name) => before[name] === null)
  return { devices, clear, why: 'rolling-back', closes: id, by }
}

/** The window that somebody names, if it is theirs. */
export function findWindow(core: HostCore, { id, key }: WindowInput): ConfirmWindow | WindowOutcome {
  const window = core.state().windows[id]
  if (window === undefined)
    return {
      ok: false,
      reason: 'unknown',
      message: 'This change waits for no confirmation: it was confirmed or taken back.',
    }
  if (window.key !== key)
    return {
      ok: false,
      reason: 'foreign',
      message: 'Only who asked for the change can confirm it, extend it or take it back.',
    }
  if (expiredWindow({ windows: { [id]: window } }, new Date().toISOString()) !== undefined)
    return { ok: false, reason: 'late', message: 'The time is over: the change goes back.' }
  return window
}
