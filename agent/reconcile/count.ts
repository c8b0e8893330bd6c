import { finalChains } from '#engine'
import type { KernelChain, RuleCounter } from '../link/contract.ts'
import type { AgentState, AppliedDevice, Total } from './agent-state.ts'
import { chainsOfDevice } from './chains-of-device.ts'
import { compileDesired } from './compile-desired.ts'

/** The keys of the engine for each rule of a device, by chain, in order. Compiled once for each thing installed. */
const keysOf = new WeakMap<AppliedDevice, ReadonlyMap<string, readonly string[]>>()

export function ruleKeys(portDevice: string, applied: AppliedDevice): ReadonlyMap<string, readonly string[]> {
  const known = keysOf.get(applied)
  if (known !== undefined) return known
  const { devices } = compileDesired({
    filters: [...applied.filters],
    bindings: [{ portDevice, xml: applied.bindingXml }],
    clear: [],
  })
  const chains = devices[0] === undefined ? [] : finalChains(devices[0].ruleset)
  const keys = new Map(chains.map(({ name, rules }) => [name, rules.map(({ key }) => key)]))
  keysOf.set(applied, keys)
  return keys
}

/** Adds what the kernel has counted since it was last looked at. A smaller value means that the kernel began anew. */
export function addCounts(state: AgentState, chains: readonly KernelChain[]): AgentState['totals'] {
  const totals: Record<string, Total> = { ...state.totals }
  for (const [portDevice, applied] of Object.entries(state.applied)) {
    const keys = ruleKeys(portDevice, applied)
    for (const { name, rules } of chainsOfDevice(chains, portDevice)) {
      const ofChain = keys.get(name)
      // A chain that has another number of rules is not the one that was installed: its counts belong to nobody.
      if (ofChain?.length !== rules.length) continue
      for (const [at, { packets, bytes }] of rules.entries()) {
        const key = ofChain[at] ?? ''
        const before = totals[key] ?? { packets: 0, bytes: 0, seenPackets: 0, seenBytes: 0 }
        const isReset = packets < before.seenPackets
        totals[key] = {
          packets: before.packets + packets - (isReset ? 0 : before.seenPackets),
          bytes: before.bytes + bytes - (isReset ? 0 : before.seenBytes),
          seenPackets: packets,
          seenBytes: bytes,
        }
      }
    }
  }
  return totals
}

/** After a transaction the kernel counts the rules of these devices from 0 again. */
export function forgetSeen(state: AgentState, portDevices: readonly string[]): AgentState['totals'] {
  const fresh = new Set(
    portDevices.flatMap((portDevice) =>
      state.applied[portDevice] ? [...ruleKeys(portDevice, state.applied[portDevice]).values()].flat() : [],
    ),
  )
  return Object.fromEntries(
    Object.entries(state.totals).map(([key, total]) => [
      key,
      fresh.has(key) ? { ...total, seenPackets: 0, seenBytes: 0 } : total,
    ]),
  )
}

export function countersOf(state: AgentState, portDevice: string): readonly RuleCounter[] {
  const applied = state.applied[portDevice]
  if (applied === undefined) return []
  return [...ruleKeys(portDevice, applied).values()]
    .flat()
    .map((key) => ({ key, packets: state.totals[key]?.packets ?? 0, bytes: state.totals[key]?.bytes ?? 0 }))
}
