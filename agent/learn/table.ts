/** A record in pieces, so that one value is replaced without copying ten thousand others. Plain data: JSON can carry it. */
export type Table<Value> = Readonly<Record<string, Readonly<Record<string, Value>>>>

const PIECES = 256

/** Reads and rebuilds tables. Keys may be any text: those of Object.prototype are no exception. */
export const table = {
  get: <Value>(from: Table<Value>, key: string): Value | undefined => own(own(from, pieceOf(key)) ?? {}, key),
  with: <Value>(from: Table<Value>, key: string, value: Value): Table<Value> => {
    const piece = pieceOf(key)
    return { ...from, [piece]: { ...own(from, piece), [key]: value } }
  },
  without: <Value>(from: Table<Value>, key: string): Table<Value> => {
    const piece = pieceOf(key)
    const left = Object.entries(own(from, piece) ?? {}).filter(([other]) => other !== key)
    if (left.length > 0) return { ...from, [piece]: Object.fromEntries(left) }
    return Object.fromEntries(Object.entries(from).filter(([other]) => other !== piece))
  },
  entries: <Value>(from: Table<Value>): readonly (readonly [string, Value])[] =>
    Object.values(from).flatMap((piece) => Object.entries(piece)),
  from: <Value>(entries: Iterable<readonly [string, Value]>): Table<Value> => {
    const pieces = new Map<string, [string, Value][]>()
    for (const [key, value] of entries) {
      const piece = pieceOf(key)
      const known = pieces.get(piece)
      if (known === undefined) pieces.set(piece, [[key, value]])
      else known.push([key, value])
    }
    return Object.fromEntries([...pieces].map(([piece, content]) => [piece, Object.fromEntries(content)]))
  },
}

function own<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

function pieceOf(key: string): string {
  let hash = 0
  for (let at = 0; at < key.length; at += 1) hash = (Math.imul(hash, 31) + key.charCodeAt(at)) >>> 0
  return `p${hash % PIECES}`
}
