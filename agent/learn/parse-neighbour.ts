import { addressText } from './address-text.ts'
import { bytes } from './bytes.ts'
import type { Ipv6Header } from './parse-ipv6.ts'

/**
 * Somebody says that an address is theirs: `solicitation` asks whether anybody else has it (duplicate address detection, RFC
 * 4862 5.4), `advertisement` says so. RFC 4861 4.3, 4.4.
 */
export type NeighbourMessage = {
  readonly kind: 'neighbour'
  readonly type: 'solicitation' | 'advertisement'
  readonly target: string
  /** What an advertisement says to be the MAC address of the target; null where it does not say. */
  readonly mac: string | null
  readonly isSolicited: boolean
}

const LENGTH = 24

/** A neighbour advertisement, or a solicitation of duplicate address detection; undefined for any other, and malformed ones. */
export function parseNeighbour(frame: Uint8Array, packet: Ipv6Header): NeighbourMessage | undefined {
  const { from, to, hopLimit, source, destination } = packet
  // Whoever is a router away cannot have sent it. RFC 4861 7.1.
  if (hopLimit !== 255 || to > frame.length || to < from + LENGTH || bytes.byte(frame, from + 1) !== 0) return undefined
  const type = bytes.byte(frame, from)
  if (type !== 135 && type !== 136) return undefined
  const options = readLinkAddresses(frame, from + LENGTH, to)
  const target = addressText.ipv6(frame, from + 8)
  if (options === undefined || !isUnicast(frame, from + 8)) return undefined
  if (type === 136) {
    const isSolicited = (bytes.byte(frame, from + 4) & 0x40) !== 0
    if (isSolicited && destination.startsWith('ff')) return undefined
    return { kind: 'neighbour', type: 'advertisement', target, mac: options.target, isSolicited }
  }
  // Without a source it goes to the group of the target, and cannot name a source. RFC 4861 7.1.1.
  if (source !== '::' || options.source !== null || !destination.startsWith('ff02::1:ff')) return undefined
  return { kind: 'neighbour', type: 'solicitation', target, mac: null, isSolicited: false }
}

type LinkAddresses = { readonly source: string | null; readonly target: string | null }

/** Options are counted in eights of bytes. RFC 4861 4.6. */
function readLinkAddresses(frame: Uint8Array, from: number, to: number): LinkAddresses | undefined {
  let found: LinkAddresses = { source: null, target: null }
  for (let at = from; at < to; ) {
    const length = bytes.byte(frame, at + 1) * 8
    if (length === 0 || at + length > to) return undefined
    const code = bytes.byte(frame, at)
    if (code === 1) found = { ...found, source: addressText.mac(frame, at + 2) }
    if (code === 2) found = { ...found, target: addressText.mac(frame, at + 2) }
    at += length
  }
  return found
}

/** Neither a group nor one of ::/64: nothing, this host itself, and IPv4 in the form of IPv6. */
function isUnicast(frame: Uint8Array, at: number): boolean {
  return bytes.byte(frame, at) !== 255 && !bytes.areZero(frame, at, 8)
}
