/** The four or sixteen bytes of an address. */
export type AddressBytes = readonly number[]

/** IPv4 as the C library reads it: one to four parts, decimal, octal or hexadecimal; or IPv4-mapped IPv6 text. Spec 2.1. */
export function parseIpv4(text: string): AddressBytes | undefined {
  if (text.includes(':')) {
    const bytes = parseIpv6(text)
    return bytes !== undefined && isMapped(bytes) ? bytes.slice(12) : undefined
  }
  const parts = text.split('.')
  if (parts.length > 4) return undefined
  const numbers = parts.map(parsePart)
  const last = numbers.pop()
  if (last === undefined) return undefined
  if (numbers.some((part) => part === undefined || part > 255)) return undefined
  const rest = 4 - numbers.length
  if (last >= 256 ** rest) return undefined
  const tail = Array.from({ length: rest }, (_, i) => Math.floor(last / 256 ** (rest - 1 - i)) % 256)
  return [...numbers.map((part) => part ?? 0), ...tail]
}

function parsePart(part: string): number | undefined {
  if (/^0[xX][0-9a-fA-F]+$/.test(part)) return Number.parseInt(part, 16)
  if (/^0[0-7]*$/.test(part)) return Number.parseInt(part, 8)
  return /^[1-9]\d*$/.test(part) ? Number.parseInt(part, 10) : undefined
}

/** IPv6 text without a zone; the last four bytes may be a dotted quad. */
export function parseIpv6(text: string): AddressBytes | undefined {
  const quad = /^(.*:)(\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3})$/.exec(text)
  const tail = quad?.[2]?.split('.').map(Number)
  // inet_pton refuses leading zeros in the quad.
  if (quad?.[2]?.split('.').some((part) => part.length > 1 && part.startsWith('0')) || tail?.some((part) => part > 255))
    return undefined
  const head = tail === undefined ? text : `${quad?.[1]}${hexPair(tail, 0)}:${hexPair(tail, 2)}`
  const halves = head.split('::')
  if (halves.length > 2) return undefined
  const [left, right] = halves.map((half) => (half === '' ? [] : half.split(':')))
  if (left === undefined || [...left, ...(right ?? [])].some((group) => !/^[0-9a-fA-F]{1,4}$/.test(group)))
    return undefined
  const missing = 8 - left.length - (right?.length ?? 0)
  if (right === undefined ? missing !== 0 : missing < 1) return undefined
  const groups = [...left, ...Array<string>(right === undefined ? 0 : missing).fill('0'), ...(right ?? [])]
  return groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255])
}

/** Which of two addresses of one version is greater: negative, zero or positive, as in sorting. */
export function compareAddresses(a: string, b: string): number {
  const [left, right] = [a, b].map((text) => (text.includes(':') ? parseIpv6(text) : parseIpv4(text)) ?? [])
  const at = left?.findIndex((byte, i) => byte !== right?.[i]) ?? -1
  return at === -1 ? 0 : (left?.[at] ?? 0) - (right?.[at] ?? 0)
}

function hexPair(bytes: AddressBytes, at: number): string {
  return (((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)).toString(16)
}

function isMapped(bytes: AddressBytes): boolean {
  return bytes.slice(0, 10).every((byte) => byte === 0) && bytes[10] === 255 && bytes[11] === 255
}

/** The text that inet_ntop gives: the longest run of zero groups shortened, a dotted quad for mapped and compatible addresses. */
export function printIpv6(bytes: AddressBytes): string {
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0))
  const run = longestZeroRun(groups)
  const quad = bytes.slice(12).join('.')
  if (run.start === 0 && (run.length === 6 || (run.length === 5 && groups[5] === 0xffff))) {
    return run.length === 5 ? `::ffff:${quad}` : `::${quad}`
  }
  const words = groups.map((group) => group.toString(16))
  if (run.length < 2) return words.join(':')
  return `${words.slice(0, run.start).join(':')}::${words.slice(run.start + run.length).join(':')}`
}

function longestZeroRun(groups: readonly number[]): { start: number; length: number } {
  let best = { start: -1, length: 0 }
  for (let start = 0; start < groups.length; start += 1) {
    let length = 0
    while (start + length < groups.length && groups[start + length] === 0) length += 1
    if (length > best.length) best = { start, length }
  }
  return best
}
