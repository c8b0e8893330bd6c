import type { AgentState, BrokenBinding } from './agent-state.ts'
import type { DesiredDevice } from './compile-desired.ts'
import { DROP_ALL, dropAll } from './drop-all.ts'

type Settled = {
  /** What is installed: devices that can be compiled, and others that nothing passes any more. */
  readonly devices: readonly DesiredDevice[]
  readonly broken: Readonly<Record<string, BrokenBinding>>
}

/**
 * Takes devices whose binding cannot be compiled out of a change, so that the others do not wait for them. Such a device keeps its
 * last good rules, or nothing passes: where that was asked for, where its last rules cannot be made any more, and where it has none
 * and is not there yet, because a guest that is plugged in later would be open. One that runs without rules stays as it is.
 */
export function settleBroken(
  state: Pick<AgentState, 'applied' | 'live'>,
  devices: readonly DesiredDevice[],
  { errors, now }: { readonly errors: ReadonlyMap<string, readonly string[]>; readonly now: string },
): Settled {
  const broken: Record<string, BrokenBinding> = {}
  const installed: DesiredDevice[] = []
  const asked = new Map(devices.map((device) => [device.portDevice, device]))
  for (const device of devices) if (!errors.has(device.portDevice)) installed.push(device)
  for (const [portDevice, texts] of errors) {
    const { applied } = state
    const wanted = asked.get(portDevice) ?? lastGood(state, portDevice)
    if (wanted === undefined) continue
    const had = applied[portDevice]
    // A device that was not asked about is in the way because its last rules cannot be made any more.
    const isLost = !asked.has(portDevice)
    const isAbsent = had === undefined && state.live?.portDevices.includes(portDevice) !== true
    const isDropped = wanted.whenBroken === 'drop' || isLost || isAbsent
    if (isDropped && had?.filter !== DROP_ALL) installed.push(dropAll(portDevice))
    const { filter, bindingXml, filters, whenBroken } = wanted
    const effect = isDropped || had?.filter === DROP_ALL ? 'dropped' : had === undefined ? 'open' : 'kept'
    broken[portDevice] = { since: now, filter, whenBroken, errors: texts, effect, bindingXml, filters }
  }
  return { devices: installed, broken }
}

function lastGood({ applied }: Pick<AgentState, 'applied'>, portDevice: string): DesiredDevice | undefined {
  const device = applied[portDevice]
  if (device === undefined) return undefined
  const { filter, bindingXml, filters } = device
  return { portDevice, filter, bindingXml, filters, whenBroken: 'keep' }
}
