import {
  type HostFrame,
  type HostParts,
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
import { renderErrors, sayLearning } from './compile-desired.ts'
import { type FilterTexts, readTexts } from './filter-texts.ts'

/** What a device shall have, by its texts. */
type Wanted = { readonly portDevice: string; readonly bindingXml: string; readonly filters: FilterTexts }
/** What the kernel is known to hold, and what it can do. */
type Kernel = {
  readonly before: HostFrame | undefined
  readonly capabilities: NftCapabilities | undefined
  /** The sets that rules with `ipset` look into. */
  readonly ipsets: ReadonlyMap<string, IpSet>
}
/** One transaction of nft, or why there is none. */
export type NftPlan =
  | {
      readonly text: string
      readonly hash: string
      readonly bridgeNetfilter: HostFrame['frame']['bridgeNetfilter']
      /** The tables are made anew: what they have counted is lost to the kernel. */
      readonly isRebuild: boolean
      readonly after: HostFrame
    }
  | { readonly errors: readonly string[] }

/** What was placed last for each device, by the filters it knows. */
const placed = new WeakMap<FilterTexts, Map<string, { readonly bindingXml: string; readonly nic: NicInput }>>()

/**
 * The transaction that gives `devices` what they want and leaves the others what they have. `before` is what the kernel is known
 * to hold; without it everything of ours is made anew, from any state.
 */
export function planNft(
  { applied, observed }: Pick<AgentState, 'applied' | 'observed'>,
  change: { readonly devices: readonly Wanted[]; readonly clear: readonly string[] },
  { before, capabilities = LEAST_CAPABILITIES, ipsets }: Kernel,
): NftPlan {
  const gone = new Set([...change.clear, ...change.devices.map(({ portDevice }) => portDevice)])
  const kept = Object.entries(applied).filter(([portDevice]) => !gone.has(portDevice))
  const errors: string[] = []
  const nics: NicInput[] = []
  for (const [portDevice, { bindingXml, filters }] of kept) {
    // What was installed once is installed again, or left out where it cannot be.
    const nic = placeWanted({ portDevice, bindingXml, filters }, [])
    if (nic !== undefined) nics.push(nic)
  }
  for (const device of change.devices) {
    const nic = placeWanted(device, errors)
    if (nic !== undefined) nics.push(nic)
  }
  const parts = lowerHost(nics, { observed: new Set(observed), capabilities, ipsets }, before?.parts)
  if (parts.diagnostics.size > 0) {
    // Also of NICs that stay: without their rules they would be open.
    const staying = kept.map(([portDevice, { bindingXml, filters }]) => ({ portDevice, bindingXml, filters }))
    errors.push(...sayRefused(parts, [...staying, ...change.devices]))
  }
  if (errors.length > 0) return { errors }
  const { text, hash, after } = printTransaction(before, parts, capabilities)
  const isRebuild = before?.generations === undefined
  return { text, hash, after, isRebuild, bridgeNetfilter: after.frame.bridgeNetfilter }
}

function placeWanted({ portDevice, bindingXml, filters }: Wanted, errors: string[]): NicInput | undefined {
  const ofFilters = placed.get(filters) ?? new Map<string, { readonly bindingXml: string; readonly nic: NicInput }>()
  placed.set(filters, ofFilters)
  const known = ofFilters.get(portDevice)
  if (known?.bindingXml === bindingXml) return known.nic
  const read = readTexts(filters)
  const { value: binding } = readBindingText(portDevice, bindingXml)
  if (binding === undefined) return undefined
  const { lineOf } = read
  const { value, diagnostics, learning } = placeNic(
    { filters: read.filters, binding, dialect: 'libvirt', lineOf },
    read.known,
  )
  errors.push(...renderErrors(diagnostics, filters, bindingXml))
  const refusal = sayLearning(diagnostics, learning)
  if (refusal !== undefined) errors.push(`binding:${portDevice}: ${refusal}`)
  if (value === undefined || refusal !== undefined) return undefined
  ofFilters.set(portDevice, { bindingXml, nic: value })
  return value
}

function sayRefused({ diagnostics }: HostParts, devices: readonly Wanted[]): readonly string[] {
  const errors = devices.flatMap(({ portDevice, filters, bindingXml }) =>
    renderErrors(diagnostics.get(portDevice) ?? [], filters, bindingXml),
  )
  return [...new Set(errors)]
}
