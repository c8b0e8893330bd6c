import { byteIn } from './bytes.ts'

/** The sum of 16-bit words from `start` to `end`, not folded; a byte that is left over counts as the upper half. */
function sumWords(bytes: Uint8Array, start: number, end: number): number {
  let sum = 0
  for (let at = start; at < end; at += 2) sum += (byteIn(bytes, at) << 8) | (at + 1 < end ? byteIn(bytes, at + 1) : 0)
  return sum
}

function isZero(sum: number): boolean {
  let folded = sum
  while (folded > 0xffff) folded = (folded & 0xffff) + Math.floor(folded / 0x10000)
  return folded === 0xffff
}

/** Whether the bytes, their checksum among them, add up. RFC 1071. */
export function addsUp(bytes: Uint8Array, start: number, end: number): boolean {
  return isZero(sumWords(bytes, start, end))
}

/** The same with the pseudo header of an IP packet: addresses, a protocol, and the length of everything behind the header. */
export function addsUpWith(
  bytes: Uint8Array,
  {
    network,
    version,
    start,
    covered,
  }: {
    readonly network: number
    readonly version: 4 | 6
    readonly start: number
    /** How many bytes the sum is about. */
    readonly covered: number
  },
  protocol: number,
): boolean {
  const [first, last] = version === 4 ? [network + 12, network + 20] : [network + 8, network + 40]
  const pseudo = sumWords(bytes, first, last) + protocol + (bytes.length - start)
  return isZero(pseudo + sumWords(bytes, start, start + covered))
}

const CRC32C = new Int32Array(256)
for (let index = 0; index < 256; index += 1) {
  let value = index
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0x82f63b78 : value >>> 1
  CRC32C[index] = value
}

/** Whether an SCTP packet has the checksum of RFC 9260, appendix A. */
export function hasSctpSum(bytes: Uint8Array, start: number): boolean {
  let crc = ~0
  for (let at = start; at < bytes.length; at += 1) {
    const byte = at >= start + 8 && at < start + 12 ? 0 : byteIn(bytes, at)
    crc = (CRC32C[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8)
  }
  crc = ~crc
  const told = byteIn(bytes, start + 8) | (byteIn(bytes, start + 9) << 8) | (byteIn(bytes, start + 10) << 16)
  return (told | (byteIn(bytes, start + 11) << 24)) === crc
}
