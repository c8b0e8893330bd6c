import { setImmediate as nextTurn } from 'node:timers/promises'
import { applyNft } from '../apply/apply-nft.ts'
import { enableBridgeNetfilter } from '../apply/enable-bridge-netfilter.ts'
import type { InstallOutcome } from '../link/contract.ts'
import type { DeviceErrors } from '../reconcile/compile-desired.ts'
import { planNft } from '../reconcile/plan-nft.ts'
import { settleBroken } from '../reconcile/settle-broken.ts'
import type { Change, HostCore } from './host-core.ts'
import { done, refuseInput, refuseKernel } from './outcome.ts'

type Options = {
  /** Why bindings cannot be read. */
  readonly errors?: DeviceErrors
  readonly isStrict?: boolean
  readonly isHealing?: boolean
}

/**
 * Gives the kernel a change by the backend nftables. Devices whose binding cannot be compiled are settled by their policy and hold up
 * nobody; with `isStrict` they refuse the whole change.
 */
export async function installNft(
  core: HostCore,
  change: Change,
  { errors = new Map(), isStrict = false, isHealing = false }: Options = {},
): Promise<InstallOutcome> {
  // Who heals has looked already, and every look more is time in which guests have no rules.
  if (core.loaded === undefined && !isHealing) await core.look(true)
  const unknown = unknownDevices(core, change)
  if (unknown.length > 0) return refuseMemory(unknown)
  const settled = planSettled(core, change, errors)
  if ('refusal' in settled) return settled.refusal
  const { plan, devices, broken } = settled
  if (isStrict && Object.keys(broken).length > 0)
    return refuseInput(Object.values(broken).flatMap(({ errors }) => errors))
  if (devices.length + change.clear.length === 0 && Object.keys(broken).length > 0) {
    core.handle({ kind: 'broken', broken })
    return refuseInput(
      Object.values(broken).flatMap(({ errors }) => errors),
      sayKept(broken),
    )
  }
  const obstacle = await enableBridgeNetfilter(plan.bridgeNetfilter, core.options.enter)
  if (obstacle !== undefined) return refuseKernel(obstacle)
  const { why, clear, opens = null, closes = null, by = null } = change
  core.handle({
    kind: 'applying',
    devices,
    clear,
    generation: plan.hash,
    broken: { ...change.broken, ...broken },
    opens,
    closes,
    why,
    by,
  })
  const refusal = await applyNft(plan.text, core.nft)
  if (refusal !== undefined) {
    core.loaded = undefined
    // Somebody may have taken away what the little change relies on, and nobody has heard of it yet.
    if (!plan.isRebuild) return installNft(core, change, { errors, isStrict, isHealing })
    core.handle({ kind: 'refused', raw: refusal })
    return refuseKernel(refusal)
  }
  core.loaded = plan.after
  core.handle({ kind: 'applied', backend: 'nftables', fresh: plan.isRebuild ? 'all' : 'none' })
  if (Object.keys(broken).length > 0) core.handle({ kind: 'broken', broken })
  // The answer does not wait for what is written down, and for the look that compares.
  core.inBackground(() => nextTurn().then(() => core.look(true)))
  return done({ devices: change.devices.filter((device) => devices.includes(device)), clear }, { broken, opens })
}

/** The plan of a change without what cannot be compiled. */
function planSettled(core: HostCore, change: Change, errors: DeviceErrors) {
  const kernel = core.kernel()
  const sound = change.devices.filter(({ portDevice }) => !errors.has(portDevice))
  const first = planNft(core.state(), { devices: sound, clear: change.clear }, kernel)
  if (!('errors' in first) && errors.size === 0) return { plan: first, devices: sound, broken: {} }
  const all = new Map([...errors, ...('errors' in first ? first.errors : [])])
  const { devices, broken } = settleBroken(core.state(), change.devices, {
    errors: all,
    now: new Date().toISOString(),
  })
  const plan = planNft(core.state(), { devices, clear: change.clear }, kernel)
  // What lets nothing pass can always be made: this is for what nobody thought of.
  if ('errors' in plan) return { refusal: refuseInput([...plan.errors.values()].flat()) }
  return { plan, devices, broken }
}

/** Devices that have rules of ours in the kernel, which nobody remembers and which this change would take away. */
function unknownDevices(core: HostCore, { devices, clear }: Change): readonly string[] {
  const state = core.state()
  if (state.lostAt === null) return []
  const known = new Set([...Object.keys(state.applied), ...devices.map(({ portDevice }) => portDevice), ...clear])
  return [...(state.live?.nft?.devices?.keys() ?? [])].filter((name) => !known.has(name))
}

function refuseMemory(names: readonly string[]): InstallOutcome {
  return {
    ok: false,
    reason: 'memory',
    message: `The agent lost its memory, and the kernel holds rules for ${names.join(', ')} that this change would take away. Apply to all of them in one go.`,
    raw: '',
  }
}

function sayKept(broken: ReturnType<typeof settleBroken>['broken']): string {
  const isAnyKept = Object.values(broken).some(({ effect }) => effect !== 'open')
  return isAnyKept
    ? 'The filters cannot be installed; the last good rules stay.'
    : 'The filters cannot be installed; nothing was changed.'
}
