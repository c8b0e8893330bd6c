/** Numbers in network order; undefined where the bytes end before. */

/** One byte. */
export function byteAt(bytes: Uint8Array, at: number): number | undefined {
  return bytes[at]
}

/** One byte that is there, as whoever asks has made sure. */
export function byteIn(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0
}

/** Two bytes. */
export function wordAt(bytes: Uint8Array, at: number): number | undefined {
  const low = bytes[at + 1]
  return low === undefined ? undefined : (byteIn(bytes, at) << 8) | low
}

/** Two bytes that are there. */
export function wordIn(bytes: Uint8Array, at: number): number {
  return (byteIn(bytes, at) << 8) | byteIn(bytes, at + 1)
}

/** Four bytes. */
export function longAt(bytes: Uint8Array, at: number): number | undefined {
  const [high, low] = [wordAt(bytes, at), wordAt(bytes, at + 2)]
  return high === undefined || low === undefined ? undefined : high * 0x10000 + low
}

/** Four bytes that are there. */
export function longIn(bytes: Uint8Array, at: number): number {
  return wordIn(bytes, at) * 0x10000 + wordIn(bytes, at + 2)
}

/** Six bytes. */
export function macAt(bytes: Uint8Array, at: number): number | undefined {
  const [high, low] = [wordAt(bytes, at), longAt(bytes, at + 2)]
  return high === undefined || low === undefined ? undefined : high * 0x100000000 + low
}

/** Sixteen bytes. */
export function ipv6At(bytes: Uint8Array, at: number): bigint | undefined {
  const parts = [longAt(bytes, at), longAt(bytes, at + 4), longAt(bytes, at + 8), longAt(bytes, at + 12)]
  let value = 0n
  for (const part of parts) {
    if (part === undefined) return undefined
    value = (value << 32n) | BigInt(part)
  }
  return value
}
