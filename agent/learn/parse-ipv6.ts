import { addressText } from './address-text.ts'
import { bytes } from './bytes.ts'

/** The header of an IPv6 packet without extension headers; the payload is `from` to `to`. RFC 8200 3. */
export type Ipv6Header = {
  readonly source: string
  readonly destination: string
  readonly nextHeader: number
  readonly hopLimit: number
  readonly from: number
  readonly to: number
}

const HEADER = 40

/** The IPv6 header at a place of a frame; undefined where it is malformed, or the payload is not all there. */
export function parseIpv6(frame: Uint8Array, at: number): Ipv6Header | undefined {
  if (frame.length < at + HEADER || bytes.byte(frame, at) >> 4 !== 6) return undefined
  const from = at + HEADER
  const to = from + bytes.word(frame, at + 4)
  if (frame.length < to) return undefined
  return {
    source: addressText.ipv6(frame, at + 8),
    destination: addressText.ipv6(frame, at + 24),
    nextHeader: bytes.byte(frame, at + 6),
    hopLimit: bytes.byte(frame, at + 7),
    from,
    to,
  }
}
