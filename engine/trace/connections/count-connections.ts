import { type Connections, findConnection, type Tracking } from './connection.ts'
import { findTransport, keyOf, readTuple, sourceText } from './tuple.ts'

/** The connections that a limit has counted, by the address they come from: keys of their tuples, in the order of their coming. */
export type Counted = Map<string, string[]>

type Packet = { readonly bytes: Uint8Array; readonly network: number; readonly version: 4 | 6 }

/**
 * How many connections from the sender's address are open, this packet's among them (nf_conncount_count). Undefined for a packet
 * that shows no tuple, which the kernel drops.
 */
export function countConnections(
  packet: Packet,
  tracking: Tracking,
  { counted, connections }: { readonly counted: Counted; readonly connections: Connections },
): number | undefined {
  const own = tracking.connection?.keys[0] ?? tupleKey(packet)
  if (own === undefined) return undefined
  const address = sourceText(packet.bytes, packet.network, packet.version)
  const known = counted.get(address) ?? []
  const kept: string[] = []
  let isKnown = false
  for (const key of known) {
    // Those behind one's own are not looked at.
    if (isKnown || key === own || isOpen(connections, key)) kept.push(key)
    isKnown ||= key === own && findConnection(connections, key) !== undefined
  }
  if (!isKnown) kept.push(own)
  counted.set(address, kept)
  return kept.length
}

function isOpen(connections: Connections, key: string): boolean {
  const found = findConnection(connections, key)
  if (found === undefined) return false
  const state = found.connection.tcp?.state
  return state !== 'TIME_WAIT' && state !== 'CLOSE'
}

function tupleKey({ bytes, network, version }: Packet): string | undefined {
  const transport = findTransport(bytes, network, version)
  const tuple = transport && readTuple(bytes, network, version, transport)
  return tuple && keyOf(tuple)
}
