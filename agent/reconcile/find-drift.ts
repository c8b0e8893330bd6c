import type { AgentState, Live } from './agent-state.ts'
import { chainsOf, fingerprintOf } from './device-view.ts'
import type { NftObservation } from './observation.ts'

/** Which devices do not have in the kernel what was applied, and the first differences in words. */
export type FoundDrift = { readonly portDevices: readonly string[]; readonly differences: readonly string[] }

const MOST_DIFFERENCES = 20
/** The IP versions whose hooks the bridge's rules rely on, by the chains that speak to them through the mark. */
const NEEDS_HOOKS = { ip: /-ip-(?:out|in)$/, ip6: /-ip6-(?:out|in)$/ } as const

/** Compares the kernel with what it showed behind the last transaction. Undefined where it is the same, or nothing was compared yet. */
export function findDrift(state: AgentState): FoundDrift | undefined {
  const { live } = state
  const applied = Object.keys(state.applied)
  if (live === null || applied.length === 0 || state.lostAt !== null) return undefined
  const all = live.nft === undefined ? undefined : driftOfTables(state, live, live.nft)
  if (all !== undefined) return { portDevices: applied, differences: all }
  const strangers = [...(live.nft?.devices?.keys() ?? [])].filter((name) => state.applied[name] === undefined)
  const portDevices = [...applied.filter((name) => isDeviceDrifted(state, live, name)), ...strangers]
  if (portDevices.length === 0) return undefined
  const differences = portDevices.flatMap((name) => differencesOf(state, live, name))
  return { portDevices, differences: [...new Set(differences)].slice(0, MOST_DIFFERENCES) }
}

function isDeviceDrifted(state: AgentState, live: Live, portDevice: string): boolean {
  const { fingerprint = null } = state.applied[portDevice] ?? {}
  return fingerprint !== null && fingerprint !== fingerprintOf(live, portDevice)
}

/** What is wrong with the tables as such, which is about every device. */
function driftOfTables(state: AgentState, live: Live, nft: NftObservation): readonly string[] | undefined {
  if (nft.generation === undefined) return ['The tables with our rules are gone, or one of them is.']
  if (nft.generation !== state.generation)
    return [`The tables hold generation ${nft.generation}, and ${state.generation} was applied.`]
  if (state.frame !== null && state.frame !== frameText(nft)) {
    const before = new Set(state.frame.split('\n'))
    const now = new Set(frameText(nft).split('\n'))
    const gone = [...before].filter((line) => !now.has(line)).map((line) => `Gone: ${clean(line)}`)
    const come = [...now].filter((line) => !before.has(line)).map((line) => `New: ${clean(line)}`)
    const found = [...gone, ...come].slice(0, MOST_DIFFERENCES)
    return found.length > 0 ? found : ['Rules where frames enter our chains stand in another order.']
  }
  const off = (['ip', 'ip6'] as const).filter(
    (family) =>
      live.bridgeNetfilter !== undefined &&
      !live.bridgeNetfilter.includes(family) &&
      nft.chains.some(
        ({ name, rules }) => NEEDS_HOOKS[family].test(name) && rules.some(({ text }) => text.includes('meta mark')),
      ),
  )
  if (off.length > 0)
    return off.map(
      (family) => `net.bridge.bridge-nf-call-${family}tables is off, and rules with states or rejects need it.`,
    )
  return undefined
}

/** What all devices have in common, as one text; of sets that stand for ipsets only when they were read. */
export function frameText({ frame, own }: NftObservation): string {
  return [frame, ...(own ?? [])].join('\n')
}

function differencesOf(state: AgentState, live: Live, portDevice: string): readonly string[] {
  const { baseline } = state
  if (live.nft === undefined || baseline === null) return [`${portDevice} has other rules than were applied.`]
  const had = baseline.nft.devices?.get(portDevice)?.elements ?? []
  const has = live.nft.devices?.get(portDevice)?.elements ?? []
  const elements = [
    ...had.filter((element) => !has.includes(element)).map((element) => `Gone: element ${element}`),
    ...has.filter((element) => !had.includes(element)).map((element) => `New: element ${element}`),
  ]
  const before = { ...live, nft: { ...baseline.nft, devices: baseline.nft.devices } }
  const old = new Map(chainsOf(before, portDevice).map((chain) => [chain.name, chain]))
  const chains = chainsOf(live, portDevice).flatMap(({ name, rules }) => {
    const known = old.get(name)
    if (known === undefined) return [`New: chain ${name}`]
    const [texts, wanted] = [rules, known.rules].map((list) => list.map(({ text }) => text))
    const gone = (wanted ?? []).filter((text) => !texts?.includes(text)).map((text) => `Gone from ${name}: ${text}`)
    const come = (texts ?? []).filter((text) => !wanted?.includes(text)).map((text) => `New in ${name}: ${text}`)
    const isSame = baseline.nft.handles.get(name) === live.nft?.handles.get(name)
    const other =
      gone.length + come.length > 0 || isSame
        ? []
        : [`Rules of ${name} were replaced, repeated, or stand in another order.`]
    return [...gone, ...come, ...other]
  })
  return [...elements, ...chains]
}

function clean(line: string): string {
  return line.replace(/ # handle \d+$/, '')
}
