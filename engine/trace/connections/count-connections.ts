import { type Connection, type Connections, findConnection, type Tracking } from './connection.ts'
import { findTransport, keyOf, readTuple, sourceText } from './tuple.ts'

/** The connections that a limit has counted, by what it counts for: keys of their tuples, in the order of their coming. */
export type Counted = Map<string, string[]>

type Packet = { readonly bytes: Uint8Array; readonly network: number; readonly version: 4 | 6 }
type Own = { readonly key: string; readonly connection: Connection | undefined }

/**
 * How many connections from the sender's address are open, this packet's among them (xt_connlimit): none where its own was the last
 * and is closed. Undefined for a packet that shows no tuple.
 */
export function countConnections(
  packet: Packet,
  tracking: Tracking,
  { counted, connections }: { readonly counted: Counted; readonly connections: Connections },
): number | undefined {
  const key = sourceText(packet.bytes, packet.network, packet.version)
  const own = ownOf(packet, tracking, connections)
  if (own === undefined) return undefined
  if (!counted.has(key)) {
    // The first of an address counts in any case.
    counted.set(key, [own.key])
    return 1
  }
  return countOpen(packet, tracking, { counted, key, connections })
}

/**
 * How many connections under a key are open, this packet's among them, as Linux 6.18 counts (nf_conncount_add_skb). Undefined for
 * a packet that shows no tuple.
 */
export function countOpen(
  packet: Packet,
  tracking: Tracking | undefined,
  { counted, key, connections }: { readonly counted: Counted; readonly key: string; readonly connections: Connections },
): number | undefined {
  const own = ownOf(packet, tracking, connections)
  if (own === undefined) return undefined
  const kept = recount(counted.get(key) ?? [], own, connections)
  counted.set(key, kept)
  return kept.length
}

function ownOf(
  { bytes, network, version }: Packet,
  tracking: Tracking | undefined,
  connections: Connections,
): Own | undefined {
  const connection = tracking?.connection
  if (connection !== undefined) return { key: connection.keys[0], connection }
  const transport = findTransport(bytes, network, version)
  const tuple = transport && readTuple(bytes, network, version, transport)
  if (tuple === undefined) return undefined
  const key = keyOf(tuple)
  return { key, connection: findConnection(connections, key)?.connection }
}

function recount(known: readonly string[], { key: own, connection }: Own, connections: Connections): string[] {
  // A connection that is in use is thought to be counted.
  if (connection?.assured) return known.filter((key) => isOpen(connections, key))
  const kept: string[] = []
  for (const [at, key] of known.entries()) {
    const isThere = findConnection(connections, key) !== undefined
    // What stands behind one's own is not looked at.
    if (isThere && key === own) return [...kept, ...known.slice(at)]
    if (isOpen(connections, key)) kept.push(key)
  }
  return [...kept, own]
}

function isOpen(connections: Connections, key: string): boolean {
  const found = findConnection(connections, key)
  if (found === undefined) return false
  const state = found.connection.tcp?.state
  return state !== 'TIME_WAIT' && state !== 'CLOSE'
}
