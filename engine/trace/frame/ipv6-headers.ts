import { byteAt, wordAt } from './bytes.ts'
import type { SkippedHeaders } from './frame.ts'

const HOP_BY_HOP = 0
const ROUTING = 43
const FRAGMENT = 44
const AH = 51
const NO_NEXT_HEADER = 59
const DESTINATION = 60
const EXTENSIONS: readonly number[] = [HOP_BY_HOP, ROUTING, FRAGMENT, AH, NO_NEXT_HEADER, DESTINATION]
const IPV6_HEADER = 40
/** A fragment's offset in its 16 bits, which counts bytes because the unit is 8. */
const OFFSET = 0xfff8

function isExtension(protocol: number): boolean {
  return EXTENSIONS.includes(protocol)
}

/** The length of an extension header that is no fragment header. */
function lengthOf(protocol: number, units: number): number {
  return protocol === AH ? (units + 2) * 4 : (units + 1) * 8
}

/** Skips the headers of a packet as ebtables and conntrack do (ipv6_skip_exthdr): AH too, and not past a later fragment's header. */
export function skipHeaders(bytes: Uint8Array, network: number): SkippedHeaders | undefined {
  return skipFrom(bytes, byteAt(bytes, network + 6) ?? NO_NEXT_HEADER, network + IPV6_HEADER)
}

/** The same from a header of this protocol. */
export function skipFrom(bytes: Uint8Array, first: number, start: number): SkippedHeaders | undefined {
  let [protocol, at, fragment] = [first, start, 0]
  while (isExtension(protocol)) {
    const next = byteAt(bytes, at)
    const units = byteAt(bytes, at + 1)
    if (protocol === NO_NEXT_HEADER || next === undefined || units === undefined) return undefined
    if (protocol === FRAGMENT) {
      const word = wordAt(bytes, at + 2)
      if (word === undefined) return undefined
      fragment = word
      if ((word & OFFSET) !== 0) break
      at += 8
    } else at += lengthOf(protocol, units)
    protocol = next
  }
  return { protocol, at, fragment }
}

/** Where the fragment header of a packet stands, and the byte that announces it; undefined where there is none. */
export function findFragmentHeader(
  bytes: Uint8Array,
  network: number,
): { readonly at: number; readonly announcedAt: number } | undefined {
  let announcedAt = network + 6
  let at = network + IPV6_HEADER
  let protocol = byteAt(bytes, announcedAt) ?? NO_NEXT_HEADER
  while (protocol !== FRAGMENT) {
    const next = byteAt(bytes, at)
    const units = byteAt(bytes, at + 1)
    if (!isExtension(protocol) || protocol === NO_NEXT_HEADER || next === undefined || units === undefined)
      return undefined
    announcedAt = at
    at += lengthOf(protocol, units)
    protocol = next
  }
  return at + 8 > bytes.length ? undefined : { at, announcedAt }
}

/** The last header as iptables and nftables find it (ipv6_find_hdr): AH counts as a protocol, a later fragment shows its own. */
export function findLastHeader(
  bytes: Uint8Array,
  network: number,
): { readonly protocol: number; readonly at: number; readonly fragmentOffset: number } | undefined {
  let protocol = byteAt(bytes, network + 6) ?? NO_NEXT_HEADER
  let at = network + IPV6_HEADER
  while (isExtension(protocol) && protocol !== NO_NEXT_HEADER) {
    const next = byteAt(bytes, at)
    const units = byteAt(bytes, at + 1)
    if (next === undefined || units === undefined) return undefined
    if (protocol === AH) break
    if (protocol === FRAGMENT) {
      const word = wordAt(bytes, at + 2)
      if (word === undefined) return undefined
      if ((word & OFFSET) !== 0) {
        const isLast = !isExtension(next) || next === NO_NEXT_HEADER
        return isLast ? { protocol: next, at: 0, fragmentOffset: word & OFFSET } : undefined
      }
      at += 8
    } else at += lengthOf(protocol, units)
    protocol = next
  }
  return { protocol, at, fragmentOffset: 0 }
}
