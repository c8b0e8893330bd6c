/** A record in pieces, so that one value is replaced without copying ten thousand others. Plain data: JSON can carry it. */
export type Table<Value> = Readonly<Record<string, Readonly<Record<string, Value>>>>
type Entry<Value> = readonly [key: string, value: Value]

const PIECES = 256

/** Reads and rebuilds tables. Keys may be any text: those of Object.prototype are no exception. */
export const table = {
  get: <Value>(from: Table<Value>, key: string): Value | undefined => own(own(from, pieceOf(key)) ?? {}, key),
  with: <Value>(from: Table<Value>, key: string, value: Value): Table<Value> => withAll(from, [[key, value]]),
  withAll,
  without: <Value>(from: Table<Value>, key: string): Table<Value> => {
    const piece = pieceOf(key)
    const left = Object.entries(own(from, piece) ?? {}).filter(([other]) => other !== key)
    if (left.length > 0) return { ...from, [piece]: Object.fromEntries(left) }
    return Object.fromEntries(Object.entries(from).filter(([other]) => other !== piece))
  },
  entries: <Value>(from: Table<Value>): readonly Entry<Value>[] =>
    Object.values(from).flatMap((piece) => Object.entries(piece)),
  filter: <Value>(from: Table<Value>, isWanted: (value: Value) => boolean): readonly Entry<Value>[] =>
    Object.values(from).flatMap((piece) =>
      Object.keys(piece).flatMap((key) => {
        const value = own(piece, key)
        return value !== undefined && isWanted(value) ? [[key, value] as const] : []
      }),
    ),
  from: <Value>(entries: readonly Entry<Value>[]): Table<Value> => withAll({}, entries),
  /** Keys whose value is not the same object in both. */
  differing: <Value>(before: Table<Value>, after: Table<Value>): ReadonlySet<string> => {
    const pieces = new Set([...Object.keys(before), ...Object.keys(after)])
    const keys = [...pieces].flatMap((piece) => {
      const [old = {}, now = {}] = [own(before, piece), own(after, piece)]
      if (old === now) return []
      return Object.keys({ ...old, ...now }).filter((key) => own(old, key) !== own(now, key))
    })
    return new Set(keys)
  },
}

/** Each piece is copied once, however many of the entries are in it. */
function withAll<Value>(from: Table<Value>, entries: readonly Entry<Value>[]): Table<Value> {
  const changed = Map.groupBy(entries, ([key]) => pieceOf(key))
  const pieces = [...changed].map(([piece, added]) => {
    return [piece, { ...own(from, piece), ...Object.fromEntries(added) }] as const
  })
  return { ...from, ...Object.fromEntries(pieces) }
}

function own<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined
}

function pieceOf(key: string): string {
  let hash = 0
  for (let at = 0; at < key.length; at += 1) hash = (Math.imul(hash, 31) + key.charCodeAt(at)) >>> 0
  return `p${hash % PIECES}`
}
