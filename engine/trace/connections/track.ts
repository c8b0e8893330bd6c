import { PROTOCOL } from '../frame/frame.ts'
import { isSound } from './check-sums.ts'
import {
  type Connection,
  type Connections,
  findConnection,
  INVALID,
  killConnection,
  type Tracking,
} from './connection.ts'
import type { Direction } from './direction.ts'
import { beginSctp, readSctp, trackSctp } from './sctp-track.ts'
import type { TcpTrack } from './tcp-connection.ts'
import { readSegment, type TcpSegment } from './tcp-segment.ts'
import { beginTcp, isAssured, isRefused, trackTcp } from './tcp-track.ts'
import { trackIcmp } from './track-icmp.ts'
import { findTransport, invert, keyOf, readTuple, type Transport, type Tuple } from './tuple.ts'

/** An IP packet, whole, in a frame. */
type Packet = { readonly bytes: Uint8Array; readonly network: number; readonly version: 4 | 6 }

/** Requests that begin a connection: echo, timestamp, information, address mask; of ICMPv6 echo and node information. */
const REQUESTS: Readonly<Record<number, readonly number[]>> = {
  [PROTOCOL.icmp]: [8, 13, 15, 17],
  [PROTOCOL.icmpv6]: [128, 139],
}

/**
 * The connection a packet belongs to, after the packet was taken into account (nf_conntrack_in). A new connection is kept only
 * when it is confirmed.
 */
export function trackPacket(packet: Packet, connections: Connections): Tracking {
  const { bytes, network, version } = packet
  const transport = findTransport(bytes, network, version)
  if (transport === undefined) return INVALID
  const { protocol, at } = transport
  if (protocol === (version === 4 ? PROTOCOL.icmp : PROTOCOL.icmpv6)) {
    const found = trackIcmp(packet, at, connections)
    if (found !== undefined) return found
  }
  const tuple = readTuple(bytes, network, version, transport)
  return tuple === undefined ? INVALID : trackTuple(packet, transport, tuple, connections)
}

function trackTuple(packet: Packet, transport: Transport, tuple: Tuple, connections: Connections): Tracking {
  const key = keyOf(tuple)
  const found = findConnection(connections, key)
  const connection = found?.connection ?? begin(tuple, key)
  if (connection === undefined) return INVALID
  const direction = found?.direction ?? 'original'
  const state = direction === 'reply' || connection.seenReply ? 'ESTABLISHED' : 'NEW'
  const answer = takePacket(packet, transport, { connection, direction, connections })
  if (answer === 'reopen') {
    killConnection(connections, connection)
    return trackTuple(packet, transport, tuple, connections)
  }
  if (answer === 'invalid') return INVALID
  if (direction === 'reply') connection.seenReply = true
  return { state, direction, connection }
}

function begin(tuple: Tuple, key: string): Connection | undefined {
  const reply = invert(tuple)
  if (reply === undefined) return undefined
  return {
    original: tuple,
    reply,
    keys: [key, keyOf(reply)],
    stage: 'new',
    seenReply: false,
    assured: false,
    isUncertain: false,
    tcp: undefined,
    sctp: undefined,
  }
}

type Place = { readonly connection: Connection; readonly direction: Direction; readonly connections: Connections }

function takePacket(packet: Packet, transport: Transport, place: Place): 'taken' | 'invalid' | 'reopen' {
  const { connection, direction } = place
  const { version, bytes } = packet
  const { protocol, at } = transport
  switch (protocol) {
    case PROTOCOL.tcp: {
      const segment = readSegment(bytes, at)
      if (segment === undefined || !isSound(packet, transport)) return 'invalid'
      if (connection.stage === 'new') connection.tcp = beginTcp(segment)
      return connection.tcp === undefined ? 'invalid' : takeSegment(connection.tcp, segment, place)
    }
    case PROTOCOL.sctp: {
      const chunks = isSound(packet, transport) ? readSctp(bytes, at) : undefined
      if (chunks === undefined) return 'invalid'
      if (connection.stage === 'new') connection.sctp = beginSctp(chunks)
      if (connection.sctp === undefined || !trackSctp(connection.sctp, direction, chunks)) return 'invalid'
      if (connection.sctp.state === 'ESTABLISHED') connection.assured = true
      return 'taken'
    }
    case PROTOCOL.icmp:
    case PROTOCOL.icmpv6: {
      const isOwn = protocol === (version === 4 ? PROTOCOL.icmp : PROTOCOL.icmpv6)
      return isOwn && REQUESTS[protocol]?.includes(connection.original.to >> 8) ? 'taken' : 'invalid'
    }
    default:
      if (!isSound(packet, transport)) return 'invalid'
      if (connection.seenReply && (protocol === PROTOCOL.udplite || protocol === PROTOCOL.gre))
        connection.assured = true
      return 'taken'
  }
}

function takeSegment(
  track: TcpTrack,
  segment: TcpSegment,
  { connection, direction, connections }: Place,
): 'taken' | 'invalid' | 'reopen' {
  const before = track.state
  const answer = trackTcp(track, direction, segment, connection)
  if (answer === 'ignored') return 'taken'
  if (answer !== 'taken') return answer
  if (isRefused(segment, connection)) killConnection(connections, connection)
  else if (connection.seenReply && isAssured(before, track)) connection.assured = true
  return 'taken'
}
