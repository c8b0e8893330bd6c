import { confirmConnection, INVALID, UNTRACKED } from '../connections/connection.ts'
import { trackPacket } from '../connections/track.ts'
import { gather } from '../fragments/gather.ts'
import { ETHER_TYPE } from '../frame/frame.ts'
import { ipVersion, passBridgeNetfilter } from '../frame/pass-bridge-netfilter.ts'
import { NOTES, noteTracking } from '../notes.ts'
import type { NftCompiledChain, NftCompiledTable } from './compile-table.ts'
import type { NftPacket } from './nft-packet.ts'
import { walkChain } from './walk-chain.ts'

type BaseChain = { readonly table: NftCompiledTable; readonly chain: NftCompiledChain; readonly priority: number }
/** The base chains of a host, by `FAMILY HOOK`, in the order of their priorities. */
export type Hooks = ReadonlyMap<string, readonly BaseChain[]>
/** What a host does with packets besides its chains. */
export type HookHost = {
  readonly hooks: Hooks
  /** The IP versions whose bridged packets pass the hooks of IP (br_netfilter). */
  readonly bridgeNetfilter: ReadonlySet<4 | 6>
  /** The IP versions whose hooks track connections. */
  readonly tracked: ReadonlySet<4 | 6>
  /** The bridge tracks connections by itself (nf_conntrack_bridge). */
  readonly tracksInBridge: boolean
}
/** How a packet ends: at one of the hooks, waiting for other fragments, or behind the last hook. */
export type Ending = 'accept' | 'drop' | 'reject'

/** Where conntrack stands, at the bridge and at IP; br_netfilter enters the hooks of IP at priority 0 of the bridge. */
const CONNTRACK = -200
const BRIDGE_NETFILTER = 0
const [LOWEST, HIGHEST] = [-0x80000000, 0x7fffffff]

/** Everything that hangs in the hooks, sorted. */
export function hooksOf(tables: readonly NftCompiledTable[]): Hooks {
  const hooks = new Map<string, BaseChain[]>()
  for (const table of tables)
    for (const chain of table.chains.values()) {
      if (chain.base === undefined) continue
      const place = `${table.family} ${chain.base.hook}`
      hooks.set(place, [...(hooks.get(place) ?? []), { table, chain, priority: chain.base.priority }])
    }
  for (const chains of hooks.values()) chains.sort((a, b) => a.priority - b.priority)
  return hooks
}

/** Sends a bridged frame from one port to another through all hooks. */
export function passHooks(host: HookHost, packet: NftPacket): Ending {
  const before = passPrerouting(host, packet)
  if (before !== undefined) return before
  const family = familyOf(host, packet)
  const ports = portsOf(packet)
  Object.assign(packet, ports)
  const forwarded =
    runHook(host, packet, 'bridge forward', [LOWEST, BRIDGE_NETFILTER]) ??
    (family && runHook(host, packet, `${family} forward`)) ??
    runHook(host, packet, 'bridge forward', [BRIDGE_NETFILTER + 1, HIGHEST])
  if (forwarded !== undefined) return forwarded
  Object.assign(packet, { iifname: '', oifname: ports.oifname })
  const sent = runHook(host, packet, 'bridge postrouting') ?? (family && runHook(host, packet, `${family} postrouting`))
  if (sent !== undefined) return sent
  const connection = packet.tracking?.connection
  if (connection !== undefined) confirmConnection(packet.state.connections, connection)
  return 'accept'
}

/** Only one of the two ports is told, and no rule knows the other. */
function portsOf({ portDevice, direction }: NftPacket): Pick<NftPacket, 'iifname' | 'oifname'> {
  return direction === 'out' ? { iifname: portDevice, oifname: '' } : { iifname: '', oifname: portDevice }
}

/** Undefined for a packet that goes on. */
function passPrerouting(host: HookHost, packet: NftPacket): Ending | undefined {
  Object.assign(packet, { iifname: portsOf(packet).iifname, oifname: '' })
  const early =
    runHook(host, packet, 'bridge prerouting', [LOWEST, CONNTRACK - 1]) ??
    (host.tracksInBridge ? trackInBridge(packet) : undefined) ??
    runHook(host, packet, 'bridge prerouting', [CONNTRACK, BRIDGE_NETFILTER])
  if (early !== undefined) return early
  const version = versionOf(host, packet)
  if (version !== undefined) {
    const entered = enterIp(host, packet, version)
    if (entered !== undefined) return entered
  }
  return runHook(host, packet, 'bridge prerouting', [BRIDGE_NETFILTER + 1, HIGHEST])
}

function enterIp(host: HookHost, packet: NftPacket, version: 4 | 6): Ending | undefined {
  const { steps } = packet
  const passed = passBridgeNetfilter(packet.frame, version)
  if (passed === undefined) {
    steps.push(NOTES.broken)
    return 'drop'
  }
  packet.frame = passed
  const hook = version === 4 ? 'ip prerouting' : 'ip6 prerouting'
  if (!host.tracked.has(version) || packet.tracking !== undefined) return runHook(host, packet, hook)
  return (
    putTogether(packet, version) ??
    runHook(host, packet, hook, [LOWEST, CONNTRACK - 1]) ??
    track(packet, version) ??
    runHook(host, packet, hook, [CONNTRACK, HIGHEST])
  )
}

/** The bridge tracks what it takes for a packet, also behind a tag, and marks everything else as untracked. */
function trackInBridge(packet: NftPacket): Ending | undefined {
  const { protocol } = packet.frame
  const version = protocol === ETHER_TYPE.ipv4 ? 4 : protocol === ETHER_TYPE.ipv6 ? 6 : undefined
  if (version === undefined) {
    packet.tracking = UNTRACKED
    return undefined
  }
  const passed = passBridgeNetfilter(packet.frame, version)
  if (passed === undefined) return undefined
  packet.frame = passed
  return putTogether(packet, version) ?? track(packet, version)
}

function putTogether(packet: NftPacket, version: 4 | 6): Ending | undefined {
  const { frame, portDevice, direction, mark, marker, state, steps } = packet
  const whole = gather({ frame, bearing: { portDevice, direction, mark, marker } }, version, state.fragments)
  if (whole === 'held' || whole === 'dropped') {
    steps.push(NOTES[whole])
    return whole === 'held' ? 'accept' : 'drop'
  }
  packet.frame = whole.frame
  Object.assign(packet, whole.bearing)
  packet.iifname = portsOf(packet).iifname
  return undefined
}

function track(packet: NftPacket, version: 4 | 6): undefined {
  const { bytes, network } = packet.frame
  packet.tracking = trackPacket({ bytes, network, version }, packet.state.connections)
  packet.steps.push(noteTracking(packet.tracking ?? INVALID))
}

function runHook(
  { hooks }: HookHost,
  packet: NftPacket,
  place: string,
  [lowest, highest]: readonly [number, number] = [LOWEST, HIGHEST],
): Ending | undefined {
  for (const { table, chain, priority } of hooks.get(place) ?? []) {
    if (priority < lowest || priority > highest) continue
    const outcome = walkChain(table, chain, packet, false)
    if (outcome === 'drop' || outcome === 'reject') return outcome
  }
  return undefined
}

function versionOf({ bridgeNetfilter }: HookHost, { frame }: NftPacket): 4 | 6 | undefined {
  const version = ipVersion(frame)
  return version !== undefined && bridgeNetfilter.has(version) ? version : undefined
}

function familyOf(host: HookHost, packet: NftPacket): 'ip' | 'ip6' | undefined {
  const version = versionOf(host, packet)
  return version === undefined ? undefined : version === 4 ? 'ip' : 'ip6'
}
