import type { Side } from '../placement/placement.ts'
import { type Connections, confirmConnection, INVALID, type Tracking } from './connections/connection.ts'
import type { Counted } from './connections/count-connections.ts'
import { trackPacket } from './connections/track.ts'
import { type Fragments, gather } from './fragments/gather.ts'
import type { Frame } from './frame/frame.ts'
import { ipVersion, passBridgeNetfilter } from './frame/pass-bridge-netfilter.ts'
import { readFrame } from './frame/read-frame.ts'
import { readHex } from './frame/read-hex.ts'
import { NOTES, noteTracking } from './notes.ts'
import type { RulePlace, TraceFrame, TraceModel, TraceStep, TraceVerdict } from './trace.ts'

/** What a chain makes of a frame, and the rule that decided it, if any. */
export type Decision = { readonly verdict: TraceVerdict['verdict']; readonly by: RulePlace | null }
/** What the frames of a list leave behind for those that follow. */
export type HostState = {
  readonly connections: Connections
  readonly fragments: Fragments
  /** By the rule that counts. */
  readonly counted: Map<object, Counted>
}
/** A packet at the IP layer. */
export type Packet = {
  readonly frame: Frame
  readonly version: 4 | 6
  readonly tracking: Tracking
  readonly state: HostState
}
/** A root chain of the Ethernet layer: what it decides of a frame, its steps written down. */
export type EthernetChain = (frame: Frame, steps: TraceStep[]) => Decision
/** The same of the IP layer. */
export type IpChain = (packet: Packet, steps: TraceStep[]) => Decision

/** The chains of one port device, as far as it has any. */
export type DeviceLayers = {
  readonly ethernet: Readonly<Partial<Record<Side, EthernetChain>>>
  readonly ip: Readonly<Partial<Record<4 | 6, Readonly<Record<Side, IpChain>>>>>
}
/** The chains of a host under libvirt's layout: two layers one behind the other. */
export type HostLayers = {
  readonly devices: ReadonlyMap<string, DeviceLayers>
  /** IP versions with a rule that asks for connections: there the host tracks them, and puts fragments together. */
  readonly tracked: ReadonlySet<4 | 6>
}

const ACCEPT: Decision = { verdict: 'accept', by: null }
const ETHERNET_HEADER = 14

/** An empty host. */
export function emptyState(): HostState {
  return { connections: new Map(), fragments: new Map(), counted: new Map() }
}

/** A model of chains that stand in two layers. */
export function modelOfLayers(host: HostLayers): TraceModel {
  const usesIpLayer = [...host.devices.values()].some(({ ip }) => Object.keys(ip).length > 0)
  return {
    start: () => {
      const state = emptyState()
      return (frame) => passFrame({ host, usesIpLayer, state }, frame)
    },
  }
}

type Host = { readonly host: HostLayers; readonly usesIpLayer: boolean; readonly state: HostState }

function passFrame(host: Host, { portDevice, direction, hex }: TraceFrame): TraceVerdict {
  const bytes = readHex(hex)
  if (bytes === undefined || bytes.length < ETHERNET_HEADER)
    return { verdict: 'not-modelled', by: null, steps: [NOTES.noFrame] }
  const steps: TraceStep[] = []
  const device = host.host.devices.get(portDevice)
  const frame = readFrame(bytes)
  const way = {
    device,
    side: direction === 'out' ? 'from-guest' : 'to-guest',
    name: `${portDevice} ${direction}`,
  } as const
  const { verdict, by } = direction === 'out' ? passOut(host, way, frame, steps) : passIn(host, way, frame, steps)
  return { verdict, by, steps }
}

/** The way of a frame: whose it is, and where to. `name` tells ways apart. */
type Way = { readonly device: DeviceLayers | undefined; readonly side: Side; readonly name: string }

function passOut(host: Host, way: Way, frame: Frame, steps: TraceStep[]): Decision {
  const ethernet = way.device?.ethernet['from-guest']?.(frame, steps) ?? ACCEPT
  if (ethernet.verdict !== 'accept') return ethernet
  const packet = enterIpLayer(host, way, frame, steps)
  if (packet === undefined) return ethernet
  if ('verdict' in packet) return packet.verdict === 'accept' ? ethernet : packet
  const ip = way.device?.ip[packet.version]?.['from-guest'](packet, steps) ?? ACCEPT
  if (ip.verdict === 'accept') confirm(packet)
  return ip.by === null && ip.verdict === 'accept' ? ethernet : ip
}

function passIn(host: Host, way: Way, frame: Frame, steps: TraceStep[]): Decision {
  const packet = enterIpLayer(host, way, frame, steps)
  if (packet !== undefined && 'verdict' in packet) return packet
  const ip = (packet && way.device?.ip[packet.version]?.['to-guest'](packet, steps)) ?? ACCEPT
  if (ip.verdict !== 'accept') return ip
  const ethernet = way.device?.ethernet['to-guest']?.(packet?.frame ?? frame, steps) ?? ACCEPT
  if (ethernet.verdict === 'accept' && packet !== undefined) confirm(packet)
  return ethernet.by === null && ethernet.verdict === 'accept' ? ip : ethernet
}

/** What br_netfilter does before the first chain of the IP layer; undefined for a frame that does not go there. */
function enterIpLayer(host: Host, way: Way, frame: Frame, steps: TraceStep[]): Packet | Decision | undefined {
  const version = host.usesIpLayer ? ipVersion(frame) : undefined
  if (version === undefined) return undefined
  const passed = passBridgeNetfilter(frame, version)
  if (passed === undefined) {
    steps.push(NOTES.broken)
    return { verdict: 'drop', by: null }
  }
  const { state } = host
  if (!host.host.tracked.has(version)) return { frame: passed, version, tracking: INVALID, state }
  const whole = gather({ frame: passed, way: way.name, mark: 0 }, version, state.fragments)
  if (whole === 'held') {
    steps.push(NOTES.held)
    return ACCEPT
  }
  if (whole === 'dropped') {
    steps.push(NOTES.dropped)
    return { verdict: 'drop', by: null }
  }
  const { bytes, network } = whole.frame
  const tracking = trackPacket({ bytes, network, version }, state.connections)
  steps.push(noteTracking(tracking))
  return { frame: whole.frame, version, tracking, state }
}

function confirm({ tracking, state }: Packet): void {
  if (tracking.connection !== undefined) confirmConnection(state.connections, tracking.connection)
}
