import { applyEbtables } from '../apply/apply-ebtables.ts'
import { planEbtables } from '../apply/plan-ebtables.ts'
import type { InstallOutcome } from '../link/contract.ts'
import { observe } from '../observe/observe.ts'
import { compileDevices, type DeviceErrors } from '../reconcile/compile-desired.ts'
import { settleBroken } from '../reconcile/settle-broken.ts'
import type { Change, HostCore } from './host-core.ts'
import { done, refuseInput, refuseKernel } from './outcome.ts'

/** Gives the kernel a change by the backend ebiptables. Devices whose binding cannot be compiled hold up nobody. */
export async function installEbtables(
  core: HostCore,
  change: Change,
  known: DeviceErrors = new Map(),
): Promise<InstallOutcome> {
  const { enter } = core.options
  // A last look, so that what the old rules have counted is not lost.
  const since = new Date().toISOString()
  const before = await observe(enter, { backend: 'ebiptables', isTerse: true, withLinks: true })
  core.handle({ kind: 'observed', observation: before, since })
  const first = compileDevices(change.devices.filter(({ portDevice }) => !known.has(portDevice)))
  const errors = new Map([...known, ...first.errors])
  const { devices, broken } = settleBroken(core.state(), change.devices, { errors, now: new Date().toISOString() })
  if (devices.length + change.clear.length === 0 && errors.size > 0) {
    core.handle({ kind: 'broken', broken })
    return refuseInput([...errors.values()].flat())
  }
  const { compiled } = compileDevices(devices)
  const { why, clear, opens = null, closes = null, by = null } = change
  const wishes = [...compiled, ...clear.map((portDevice) => ({ portDevice, ruleset: undefined }))]
  const plan = planEbtables(wishes, before.chains)
  if ('error' in plan) return refuseInput([plan.error], 'A value cannot be given to ebtables; nothing was changed.')
  core.handle({
    kind: 'applying',
    devices,
    clear,
    generation: '',
    broken: { ...change.broken, ...broken },
    opens,
    closes,
    why,
    by,
  })
  const refusal = await applyEbtables(plan.text, enter)
  if (refusal !== undefined) {
    core.handle({ kind: 'refused', raw: refusal })
    return refuseKernel(refusal)
  }
  core.handle({ kind: 'applied', backend: 'ebiptables', fresh: 'devices' })
  if (errors.size > 0) core.handle({ kind: 'broken', broken })
  await core.look(true)
  return done({ devices: change.devices.filter((device) => devices.includes(device)), clear }, { broken, opens })
}
