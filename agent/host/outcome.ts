import type { InstallOutcome } from '../link/contract.ts'
import type { ConfirmWindow } from '../reconcile/agent-state.ts'
import { describeBroken } from '../reconcile/describe-broken.ts'
import type { Change } from './host-core.ts'

/** It was done. */
export function done(
  { devices, clear }: Pick<Change, 'devices' | 'clear'>,
  { broken = {}, opens = null }: { readonly broken?: Change['broken']; readonly opens?: ConfirmWindow | null } = {},
): InstallOutcome {
  return {
    ok: true,
    at: new Date().toISOString(),
    portDevices: [...devices.map(({ portDevice }) => portDevice), ...clear],
    broken: Object.entries(broken).flatMap(([portDevice, binding]) =>
      binding === null ? [] : [describeBroken(portDevice, binding)],
    ),
    window: opens && { id: opens.id, key: opens.key, until: opens.until },
  }
}

export function refuseInput(
  errors: readonly string[],
  message = 'The filters cannot be installed; nothing was changed.',
): InstallOutcome {
  return { ok: false, reason: 'input', message, raw: errors.join('\n') }
}

export function refuseKernel(raw: string): InstallOutcome {
  const message = 'The kernel refused the rules; the previous ones stand as they were.'
  return { ok: false, reason: 'kernel', message, raw }
}
