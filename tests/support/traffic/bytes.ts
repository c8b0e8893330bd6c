/** Bytes of a frame, in the order of the wire. */
export type Bytes = readonly number[]

export function word(value: number): Bytes {
  return [(value >>> 8) & 0xff, value & 0xff]
}

export function long(value: number): Bytes {
  return [(value >>> 24) & 0xff, (value >>> 16) & 0xff, (value >>> 8) & 0xff, value & 0xff]
}

export function macBytes(text: string): Bytes {
  return text.split(':').map((group) => Number.parseInt(group, 16) & 0xff)
}

/** The four or sixteen bytes of an address as libvirt and its tools print it; undefined for any other text. */
export function ipBytes(text: string): Bytes | undefined {
  if (!text.includes(':')) {
    const parts = text.split('.').map(Number)
    return parts.length === 4 && parts.every((part) => part >= 0 && part <= 255) ? parts : undefined
  }
  const quad = /(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text)
  const [a, b, c, d] = (quad?.slice(1) ?? []).map(Number)
  const plain = quad === null ? text : text.slice(0, quad.index) + groupOf(a, b) + ':'.concat(groupOf(c, d))
  const [head = '', tail] = plain.split('::')
  const groups = (part: string | undefined) => (part === undefined || part === '' ? [] : part.split(':'))
  const [before, after] = [groups(head), groups(tail)]
  const missing = 8 - before.length - after.length
  if (missing < 0 || (tail === undefined && missing !== 0)) return undefined
  const all = [...before, ...Array<string>(missing).fill('0'), ...after].map((group) => Number.parseInt(group, 16))
  return all.some(Number.isNaN) ? undefined : all.flatMap(word)
}

function groupOf(high = 0, low = 0): string {
  return ((high << 8) | low).toString(16)
}

/** So many ones from the left, in so many bytes. */
export function prefixMask(length: number, size: number): Bytes {
  return Array.from({ length: size }, (_, at) => (0xff00 >> Math.min(8, Math.max(0, length - 8 * at))) & 0xff)
}

/** The address so far behind this one; it wraps around. */
export function addTo(bytes: Bytes, amount: number): Bytes {
  const sum = [...bytes]
  let carry = amount
  for (let at = sum.length - 1; at >= 0 && carry !== 0; at -= 1) {
    const value = (sum[at] ?? 0) + carry
    sum[at] = value & 0xff
    carry = value >> 8
  }
  return sum
}
