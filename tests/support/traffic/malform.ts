import type { Random } from '../random.ts'
import type { Bytes } from './bytes.ts'

const HEADER = 14

/** Damages a frame: a wrong sum or length, a header that is cut off, an ARP packet for another kind of address. */
export function malform(random: Random, frame: Bytes): Bytes {
  const etherType = ((frame[12] ?? 0) << 8) | (frame[13] ?? 0)
  const set = (at: number, value: number) => frame.with(HEADER + at, value & 0xff)
  const at = (offset: number) => frame[HEADER + offset] ?? 0
  const cut = frame.slice(0, HEADER + random.below(40))
  switch (etherType) {
    case 0x0800:
      return random.pick([
        set(10, at(10) ^ 1),
        // A header shorter than it can be, or longer than the packet.
        set(0, 0x44),
        set(0, 0x4f),
        set(0, 0x65),
        set(3, at(3) + 7),
        set(3, 5),
        cut,
      ])
    case 0x86dd:
      return random.pick([set(0, 0x45), set(5, at(5) + 7), set(5, 0), cut])
    case 0x0806:
    case 0x8035:
      return random.pick([set(4, 8), set(4, 0), set(5, 16), cut])
    default:
      return random.chance(0.5) ? frame.with(13, random.below(256)) : cut
  }
}
