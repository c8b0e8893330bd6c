import { bytes } from './bytes.ts'

/** A UDP datagram; what it carries is `from` to `to`. RFC 768. */
export type UdpHeader = { readonly destination: number; readonly from: number; readonly to: number }

/** The UDP header in a part of a frame; undefined where a length does not fit. */
export function parseUdp(
  frame: Uint8Array,
  part: { readonly from: number; readonly to: number },
): UdpHeader | undefined {
  const end = Math.min(part.to, frame.length)
  if (end < part.from + 8) return undefined
  const to = part.from + bytes.word(frame, part.from + 4)
  if (to < part.from + 8 || to > end) return undefined
  return {
    destination: bytes.word(frame, part.from + 2),
    from: part.from + 8,
    to,
  }
}
