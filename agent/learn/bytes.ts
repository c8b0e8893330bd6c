/** Reads numbers in network byte order. Bytes that are not there read as 0: the caller has compared lengths before. */
export const bytes = {
  byte: (frame: Uint8Array, at: number): number => frame[at] ?? 0,
  word: (frame: Uint8Array, at: number): number => ((frame[at] ?? 0) << 8) | (frame[at + 1] ?? 0),
  long: (frame: Uint8Array, at: number): number =>
    (((frame[at] ?? 0) << 24) | ((frame[at + 1] ?? 0) << 16) | ((frame[at + 2] ?? 0) << 8) | (frame[at + 3] ?? 0)) >>>
    0,
  areZero: (frame: Uint8Array, at: number, count: number): boolean =>
    frame.subarray(at, at + count).every((byte) => byte === 0),
}
