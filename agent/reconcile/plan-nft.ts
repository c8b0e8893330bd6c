import {
  type HostFrame,
  hashOfHost,
  type IpSet,
  LEAST_CAPABILITIES,
  lowerHost,
  type NftCapabilities,
  type NicInput,
  placeNic,
  printTransaction,
} from '#engine'
import type { AgentState } from './agent-state.ts'
import { readBindingText } from './binding-texts.ts'
import { type DeviceErrors, renderErrors, withFilterErrors } from './compile-desired.ts'
import { type FilterTexts, readTexts } from './filter-texts.ts'
import { type LearnedAddresses, type LearnedValues, NO_VALUES, withLearned } from './learned-values.ts'

/** What a device shall have, by its texts. */
type Wanted = { readonly portDevice: string; readonly bindingXml: string; readonly filters: FilterTexts }
/** What the kernel is known to hold, and what it can do. */
export type Kernel = {
  readonly before: HostFrame | undefined
  readonly capabilities: NftCapabilities | undefined
  /** The sets that rules with `ipset` look into. */
  readonly ipsets: ReadonlyMap<string, IpSet>
  /** Addresses in the place of parameters that bindings do not have. */
  readonly learned: LearnedAddresses
}
/** One transaction of nft, or the devices that are in its way. */
export type NftPlan =
  | {
      readonly text: string
      readonly hash: string
      readonly bridgeNetfilter: HostFrame['frame']['bridgeNetfilter']
      /** The tables are made anew: what they have counted is lost to the kernel. */
      readonly isRebuild: boolean
      readonly after: HostFrame
    }
  | { readonly errors: DeviceErrors }

/** What was placed last for each device, by the filters it knows. */
type Placed = {
  readonly bindingXml: string
  readonly values: LearnedValues
  readonly nic: NicInput
  readonly learning: 'any' | 'dhcp' | undefined
}
const placed = new WeakMap<FilterTexts, Map<string, Placed>>()

/**
 * The transaction that gives `devices` what they want and leaves the others what they have. `before` is what the kernel is known
 * to hold; without it everything of ours is made anew, from any state.
 */
export function planNft(
  { applied, observed }: Pick<AgentState, 'applied' | 'observed'>,
  change: { readonly devices: readonly Wanted[]; readonly clear: readonly string[] },
  { before, capabilities = LEAST_CAPABILITIES, ipsets, learned }: Kernel,
): NftPlan {
  const gone = new Set([...change.clear, ...change.devices.map(({ portDevice }) => portDevice)])
  const kept = Object.entries(applied).filter(([portDevice]) => !gone.has(portDevice))
  const errors = new Map<string, readonly string[]>()
  const nics: NicInput[] = []
  const staying = kept.map(([portDevice, { bindingXml, filters }]) => ({ portDevice, bindingXml, filters }))
  for (const device of [...staying, ...change.devices]) {
    const placed = placeWanted(device, learned.get(device.portDevice))
    if ('nic' in placed) nics.push(placed.nic)
    // Also where it was installed once: left out it would be open.
    else errors.set(device.portDevice, withFilterErrors(placed.errors, device.filters))
  }
  const parts = lowerHost(nics, { observed: new Set(observed), capabilities, ipsets }, before?.parts)
  if (parts.diagnostics.size > 0) {
    for (const { portDevice, filters, bindingXml } of [...staying, ...change.devices]) {
      const found = renderErrors(parts.diagnostics.get(portDevice) ?? [], filters, bindingXml)
      if (found.length > 0) errors.set(portDevice, found)
    }
  }
  if (errors.size > 0) return { errors }
  const { text, hash, after } = printTransaction(before, parts, capabilities)
  const isRebuild = before?.generations === undefined
  return { text, hash, after, isRebuild, bridgeNetfilter: after.frame.bridgeNetfilter }
}

/** Where the rules of a device stand; those under which its address is learned, as long as that is not known. */
export function placeWanted(
  { portDevice, bindingXml, filters }: Wanted,
  values: LearnedValues = NO_VALUES,
): Placed | { readonly errors: readonly string[] } {
  const ofFilters = placed.get(filters) ?? new Map<string, Placed>()
  placed.set(filters, ofFilters)
  const known = ofFilters.get(portDevice)
  if (known?.bindingXml === bindingXml && known.values === values) return known
  const read = readTexts(filters)
  const { value: binding } = readBindingText(portDevice, bindingXml)
  if (binding === undefined) return { errors: [`binding:${portDevice}: the binding cannot be read`] }
  const { lineOf } = read
  const { value, diagnostics, learning } = placeNic(
    { filters: read.filters, binding: withLearned(binding, values), dialect: 'libvirt', lineOf },
    read.known,
  )
  const errors = renderErrors(diagnostics, filters, bindingXml)
  if (value === undefined || errors.length > 0) return { errors }
  const result = { bindingXml, values, nic: value, learning }
  ofFilters.set(portDevice, result)
  return result
}

/**
 * The hash of the ruleset that these devices would become by themselves: what a plan shows, and what is installed, must be the same.
 * Those that cannot be compiled are left out on both sides, and so is what sets of the host hold, which the server does not know.
 */
export function hashOfPlan(
  devices: readonly Wanted[],
  { capabilities = LEAST_CAPABILITIES, ipsets }: Pick<Kernel, 'capabilities' | 'ipsets'>,
): string {
  const nics = devices.flatMap((device) => {
    const result = placeWanted(device)
    return 'nic' in result ? [result.nic] : []
  })
  const empty = new Map([...ipsets].map(([name, set]) => [name, { ...set, entries: [] }]))
  return hashOfHost(lowerHost(nics, { observed: new Set(), capabilities, ipsets: empty }), capabilities)
}
