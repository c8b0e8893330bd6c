/** Two words that texts are mixed into. */
export type TextHash = { high: number; low: number }

/** What the first text is mixed into. */
export function newHash(): TextHash {
  return { high: 0xdeadbeef | 0, low: 0x41c6ce57 }
}

/** Mixes a text into a hash, as if it stood behind those before. The mixing is that of MurmurHash3. */
export function hashInto(hash: TextHash, text: string): void {
  let { high, low } = hash
  for (let at = 0; at < text.length; at += 1) {
    const unit = text.charCodeAt(at)
    high = Math.imul(high ^ unit, 2654435761)
    low = Math.imul(low ^ unit, 1597334677)
  }
  hash.high = high
  hash.low = low
}

/** The two words of a hash, each of 32 bits with a sign. */
export function wordsOf({ high, low }: TextHash): readonly [number, number] {
  const first = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909)
  return [first, Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(first ^ (first >>> 13), 3266489909)]
}

/** A hash of a text as 14 hexadecimal digits: tells texts apart, and protects nothing. */
export function shortHash(text: string): string {
  const hash = newHash()
  hashInto(hash, text)
  const [high, low] = wordsOf(hash)
  return (4294967296 * (2097151 & low) + (high >>> 0)).toString(16).padStart(14, '0')
}
