import type { Bytes } from './bytes.ts'

/** The Internet checksum of RFC 1071 over pieces that follow each other; a byte that is left over counts as the upper half. */
export function internetChecksum(...pieces: readonly Bytes[]): number {
  let sum = 0
  let isLow = false
  for (const piece of pieces)
    for (const byte of piece) {
      sum += isLow ? byte : byte << 8
      isLow = !isLow
    }
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  return ~sum & 0xffff
}

const CRC32C = Array.from({ length: 256 }, (_, index) => {
  let value = index
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1
  return value
})

/** The checksum of SCTP (RFC 9260, appendix A), its bytes in the order of the wire. */
export function crc32c(bytes: Bytes): Bytes {
  let crc = 0xffffffff
  for (const byte of bytes) crc = (CRC32C[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8)
  const value = ~crc
  return [value & 0xff, (value >>> 8) & 0xff, (value >>> 16) & 0xff, (value >>> 24) & 0xff]
}
