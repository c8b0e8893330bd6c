import { finalChains } from '#engine'
import type { KernelChain, RuleCounter } from '../link/contract.ts'
import type { AgentState, AppliedDevice, Total } from './agent-state.ts'
import { chainsOfDevice } from './chains-of-device.ts'
import { compileDevices } from './compile-desired.ts'
import { chainsOf } from './device-view.ts'
import type { Observation } from './observation.ts'

/** The keys of the engine for each ebtables rule of a device, by chain, in order. Compiled once for each thing installed. */
const keysOf = new WeakMap<Pick<AppliedDevice, 'bindingXml'>, ReadonlyMap<string, readonly string[]>>()

export function ruleKeys(
  portDevice: string,
  applied: Omit<AppliedDevice, 'fingerprint'>,
): ReadonlyMap<string, readonly string[]> {
  const known = keysOf.get(applied)
  if (known !== undefined) return known
  const [compiled] = compileDevices([{ portDevice, ...applied }]).compiled
  const chains = compiled === undefined ? [] : finalChains(compiled.ruleset)
  const keys = new Map(chains.map(({ name, rules }) => [name, rules.map(({ key }) => key)]))
  keysOf.set(applied, keys)
  return keys
}

/** Adds what the kernel has counted since it was last looked at. A smaller value means that the kernel began anew. */
export function addCounts(state: AgentState, { chains, nft }: Observation): AgentState['totals'] {
  const totals: Record<string, Total> = { ...state.totals }
  const add = (key: string, packets: number, bytes: number) => {
    const before = totals[key] ?? { packets: 0, bytes: 0, seenPackets: 0, seenBytes: 0 }
    const isReset = packets < before.seenPackets
    totals[key] = {
      packets: before.packets + packets - (isReset ? 0 : before.seenPackets),
      bytes: before.bytes + bytes - (isReset ? 0 : before.seenBytes),
      seenPackets: packets,
      seenBytes: bytes,
    }
  }
  for (const { name, packets, bytes } of nft?.counters ?? []) add(name, packets, bytes)
  if (chains.length === 0) return totals
  for (const [portDevice, applied] of Object.entries(state.applied)) {
    const keys = ruleKeys(portDevice, applied)
    for (const { name, rules } of chainsOfDevice(chains, portDevice)) {
      const ofChain = keys.get(name)
      // A chain that has another number of rules is not the one that was installed: its counts belong to nobody.
      if (ofChain?.length !== rules.length) continue
      for (const [at, { packets, bytes }] of rules.entries()) add(ofChain[at] ?? '', packets, bytes)
    }
  }
  return totals
}

/** After a transaction the kernel counts the ebtables rules of these devices from 0 again. */
export function forgetSeen(state: AgentState, portDevices: readonly string[]): AgentState['totals'] {
  const fresh = new Set(
    portDevices.flatMap((portDevice) =>
      state.applied[portDevice] ? [...ruleKeys(portDevice, state.applied[portDevice]).values()].flat() : [],
    ),
  )
  return withoutSeen(state.totals, (key) => fresh.has(key))
}

/** The totals of counters that the kernel begins anew. */
export function withoutSeen(totals: AgentState['totals'], isFresh: (key: string) => boolean): AgentState['totals'] {
  return Object.fromEntries(
    Object.entries(totals).map(([key, total]) => [
      key,
      isFresh(key) ? { ...total, seenPackets: 0, seenBytes: 0 } : total,
    ]),
  )
}

/** The totals of the rules of a device. A counter of nftables is shared by all devices whose rules it counts. */
export function countersOf(state: AgentState, portDevice: string): readonly RuleCounter[] {
  const applied = state.applied[portDevice]
  if (applied === undefined) return []
  if (state.backend === 'nftables') return sharedCounters(state, portDevice)
  return [...ruleKeys(portDevice, applied).values()]
    .flat()
    .map((key) => ({ key, packets: state.totals[key]?.packets ?? 0, bytes: state.totals[key]?.bytes ?? 0 }))
}

const shared = new WeakMap<
  readonly KernelChain[],
  { readonly totals: AgentState['totals']; readonly counters: readonly RuleCounter[] }
>()

/** Devices with the same chains have the same counters: they are put together once for each look at the kernel. */
function sharedCounters({ live, totals }: AgentState, portDevice: string): readonly RuleCounter[] {
  if (live === null) return []
  const chains = chainsOf(live, portDevice)
  const known = shared.get(chains)
  if (known?.totals === totals) return known.counters
  const texts = chains.flatMap(({ rules }) => rules.map(({ text }) => text))
  const keys = [...new Set(texts.flatMap((text) => /counter name "([^"]+)"/.exec(text)?.[1] ?? []))]
  const counters = keys.map((key) => ({ key, packets: totals[key]?.packets ?? 0, bytes: totals[key]?.bytes ?? 0 }))
  shared.set(chains, { totals, counters })
  return counters
}
