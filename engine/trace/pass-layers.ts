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
/** At which port a packet passes. */
type Way = Pick<TraceFrame, 'portDevice' | 'direction'>

function passFrame(host: Host, { portDevice, direction, hex }: TraceFrame): TraceVerdict {
  const bytes = readHex(hex)
  if (bytes === undefined || bytes.length < ETHERNET_HEADER)
    return { verdict: 'not-modelled', by: null, steps: [NOTES.noFrame] }
  const steps: TraceStep[] = []
  const { verdict, by } = pass(host, { portDevice, direction }, readFrame(bytes), steps)
  return { verdict, by, steps }
}

/** What leaves a guest passes the Ethernet layer before the IP layer, and what goes to one the other way round. */
function pass(host: Host, way: Way, frame: Frame, steps: TraceStep[]): Decision {
  const left = way.direction === 'out' ? passEthernet(host, way, frame, steps) : ACCEPT
  if (left.verdict !== 'accept') return left
  const entered = enterIpLayer(host, way, frame, steps)
  if (entered !== undefined && 'verdict' in entered) return last(left, entered)
  // Fragments that were put together go the way of the first of them.
  const { packet, bearing } = entered ?? { packet: undefined, bearing: way }
  if (packet?.tracking.connection?.isUncertain) {
    steps.push(NOTES.uncertain)
    return { verdict: 'not-modelled', by: null }
  }
  const side = bearing.direction === 'out' ? 'from-guest' : 'to-guest'
  const ip = (packet && deviceAt(host, bearing)?.ip[packet.version]?.[side](packet, steps)) ?? ACCEPT
  if (ip.verdict === 'not-modelled' && packet !== undefined) doubt(packet)
  if (ip.verdict !== 'accept') return ip
  const reached = side === 'to-guest' ? passEthernet(host, bearing, packet?.frame ?? frame, steps) : ACCEPT
  if (reached.verdict === 'accept' && packet !== undefined) confirm(packet)
  return last(last(left, ip), reached)
}

/** The rule that decides is the last one that decided. */
function last(first: Decision, second: Decision): Decision {
  return second.by === null && second.verdict === 'accept' ? first : second
}

function deviceAt({ host }: Host, { portDevice }: Way): DeviceLayers | undefined {
  return host.devices.get(portDevice)
}

function passEthernet(host: Host, way: Way, frame: Frame, steps: TraceStep[]): Decision {
  const side = way.direction === 'out' ? 'from-guest' : 'to-guest'
  return deviceAt(host, way)?.ethernet[side]?.(frame, steps) ?? ACCEPT
}

type Entered = { readonly packet: Packet; readonly bearing: Way }

/** What br_netfilter does before the first chain of the IP layer; undefined for a frame that does not go there. */
function enterIpLayer(host: Host, way: Way, frame: Frame, steps: TraceStep[]): Entered | Decision | undefined {
  const version = host.usesIpLayer ? ipVersion(frame) : undefined
  if (version === undefined) return undefined
  const passed = passBridgeNetfilter(frame, version)
  if (passed === undefined) {
    steps.push(NOTES.broken)
    return { verdict: 'drop', by: null }
  }
  const { state } = host
  if (!host.host.tracked.has(version))
    return { packet: { frame: passed, version, tracking: INVALID, state }, bearing: way }
  const whole = gather({ frame: passed, bearing: { ...way, mark: 0, marker: null } }, version, state.fragments)
  if (typeof whole === 'string') {
    steps.push(NOTES[whole])
    return whole === 'held' ? ACCEPT : { verdict: 'drop', by: null }
  }
  const { bytes, network } = whole.frame
  const tracking = trackPacket({ bytes, network, version }, state.connections)
  steps.push(noteTracking(tracking))
  return { packet: { frame: whole.frame, version, tracking, state }, bearing: whole.bearing }
}

/** Whether the connection is kept is as unknown as the verdict: what comes of it is not known either. */
function doubt({ tracking: { connection }, state }: Packet): void {
  if (connection === undefined) return
  connection.isUncertain = true
  confirmConnection(state.connections, connection)
}

function confirm({ tracking, state }: Packet): void {
  if (tracking.connection !== undefined) confirmConnection(state.connections, tracking.connection)
}
