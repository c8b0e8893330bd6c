import type { Direction } from './direction.ts'
import type { SctpTrack } from './sctp-track.ts'
import type { TcpTrack } from './tcp-connection.ts'
import type { Tuple } from './tuple.ts'

/** One connection, in the state in which the frames so far left it. */
export type Connection = {
  readonly original: Tuple
  readonly reply: Tuple
  /** The keys of both. */
  readonly keys: readonly [original: string, reply: string]
  /** `new` until its first packet has passed everything, and `gone` when it was removed. */
  stage: 'new' | 'confirmed' | 'gone'
  seenReply: boolean
  /** It has answered as its protocol wants it. */
  assured: boolean
  /** Whether one of its packets passed is not known. */
  isUncertain: boolean
  tcp: TcpTrack | undefined
  sctp: SctpTrack | undefined
}

/** What iptables' conntrack match and nftables' ct expression see of a packet. */
export type Tracking =
  | {
      readonly state: 'NEW' | 'ESTABLISHED' | 'RELATED'
      readonly direction: Direction
      readonly connection: Connection
    }
  /** No connection: the packet does not fit any, or its protocol is not tracked. */
  | { readonly state: 'INVALID' | 'UNTRACKED'; readonly direction: undefined; readonly connection: undefined }

/** A packet that belongs to no connection. */
export const INVALID: Tracking = { state: 'INVALID', direction: undefined, connection: undefined }
/** Neighbour discovery and the like. */
export const UNTRACKED: Tracking = { state: 'UNTRACKED', direction: undefined, connection: undefined }

/** The connections of a host, by the keys of both tuples. */
export type Connections = Map<string, { readonly connection: Connection; readonly direction: Direction }>

/** The connection and the direction a tuple belongs to. */
export function findConnection(connections: Connections, key: string) {
  return connections.get(key)
}

/** Forgets a connection. */
export function killConnection(connections: Connections, connection: Connection): void {
  connection.stage = 'gone'
  for (const key of connection.keys) if (connections.get(key)?.connection === connection) connections.delete(key)
}

/** Keeps a connection whose first packet has passed. That of the answers is found first where both tuples are equal. */
export function confirmConnection(connections: Connections, connection: Connection): void {
  if (connection.stage !== 'new') return
  connection.stage = 'confirmed'
  const [original, reply] = connection.keys
  connections.set(original, { connection, direction: 'original' })
  connections.set(reply, { connection, direction: 'reply' })
}
