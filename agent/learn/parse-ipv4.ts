import { addressText } from './address-text.ts'
import { bytes } from './bytes.ts'

/** The header of an IPv4 packet; the payload is `from` to `to`. RFC 791 3.1. */
export type Ipv4Header = {
  readonly source: string
  readonly protocol: number
  readonly isFragment: boolean
  readonly from: number
  /** The end of the packet, which may lie behind what was captured. */
  readonly to: number
}

/** The IPv4 header at a place of a frame; undefined where it is malformed. The payload may be cut off. */
export function parseIpv4(frame: Uint8Array, at: number): Ipv4Header | undefined {
  if (frame.length < at + 20 || bytes.byte(frame, at) >> 4 !== 4) return undefined
  const length = (bytes.byte(frame, at) & 15) * 4
  const total = bytes.word(frame, at + 2)
  if (length < 20 || total < length || frame.length < at + length) return undefined
  return {
    source: addressText.ipv4(frame, at + 12),
    protocol: bytes.byte(frame, at + 9),
    // More fragments, or an offset.
    isFragment: (bytes.word(frame, at + 6) & 0x3fff) !== 0,
    from: at + length,
    to: at + total,
  }
}
