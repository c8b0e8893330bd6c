import { byteAt, byteIn } from '../frame/bytes.ts'
import { isFromNeighbour, isSoundIcmp } from './check-sums.ts'
import { type Connections, findConnection, INVALID, type Tracking, UNTRACKED } from './connection.ts'
import { destinationText, findTransport, invert, keyOf, readTuple } from './tuple.ts'

type Packet = { readonly bytes: Uint8Array; readonly network: number; readonly version: 4 | 6 }

const HIGHEST_KNOWN = 18
/** Unreachable, quench, redirect, time exceeded, parameter problem. RFC 792. */
const ERRORS: readonly number[] = [3, 4, 5, 11, 12]
/** Multicast listeners, routers, neighbours: never part of a connection. */
const WITHOUT_CONNECTION: readonly number[] = [130, 131, 132, 133, 134, 135, 136, 143, 151, 152]
const REDIRECT6 = 137
const REDIRECTED_HEADER = 4
const MESSAGE = 8
const REDIRECT_MESSAGE = 40

/**
 * What conntrack makes of an ICMP message before it looks for a connection of its own: an error belongs to what it quotes.
 * Undefined for requests and their answers.
 */
export function trackIcmp(packet: Packet, at: number, connections: Connections): Tracking | undefined {
  const { bytes, version } = packet
  if (bytes.length < at + MESSAGE || !isSoundIcmp(packet, at)) return INVALID
  const type = byteIn(bytes, at)
  if (version === 4) {
    if (type > HIGHEST_KNOWN) return INVALID
    return ERRORS.includes(type) ? findQuoted(packet, at + MESSAGE, connections) : undefined
  }
  if (WITHOUT_CONNECTION.includes(type)) return UNTRACKED
  if (type === REDIRECT6) return trackRedirect(packet, at, connections)
  return type >= 128 ? undefined : findQuoted(packet, at + MESSAGE, connections)
}

function trackRedirect(packet: Packet, at: number, connections: Connections): Tracking | undefined {
  const { bytes } = packet
  if (bytes.length < at + REDIRECT_MESSAGE) return INVALID
  if (byteAt(bytes, at + 1) !== 0) return undefined
  const option = at + REDIRECT_MESSAGE
  if (!isFromNeighbour(packet) || bytes.length < option + 2 || byteAt(bytes, option + 1) === 0) return INVALID
  return byteAt(bytes, option) === REDIRECTED_HEADER ? findQuoted(packet, option + 8, connections) : undefined
}

/** The connection of a packet that an error quotes; the error has to go to the one who sent it (nf_conntrack_inet_error). */
function findQuoted({ bytes, network, version }: Packet, quoted: number, connections: Connections): Tracking {
  const transport = findTransport(bytes, quoted, version)
  const tuple = transport && readTuple(bytes, quoted, version, transport)
  const answer = tuple && invert(tuple)
  const found = answer && findConnection(connections, keyOf(answer))
  if (found === undefined) return INVALID
  const { connection, direction } = found
  const { destination } = connection[direction]
  if (destination !== destinationText(bytes, network, version)) return INVALID
  return { state: 'RELATED', direction, connection }
}
