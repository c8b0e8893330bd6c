import type { NftField } from './nft-field.ts'
import { rangeOfValue, writeBits } from './nft-value.ts'
import type { NftValue } from './ruleset.ts'

type Range = readonly [bigint, bigint]

/**
 * Keys of an interval set without overlap, which the kernel refuses; undefined where keys of several fields overlap and no
 * single one says what they say together.
 */
export function mergeRanges(
  fields: readonly NftField[],
  keys: readonly (readonly NftValue[])[],
): readonly (readonly NftValue[])[] | undefined {
  if (keys.length < 2) return keys
  const boxes = keys.map((key) => key.map((value, at) => rangeOfValue(fields[at] ?? 'ether type', value)))
  const [field] = fields
  if (fields.length === 1 && field !== undefined) {
    const merged = union(boxes.flat())
    return merged.map(([first, last]) => [writeRangeOf(field, first, last)])
  }
  const kept = boxes.filter((box, at) => !boxes.some((other, index) => index !== at && covers(other, box, index < at)))
  const overlaps = kept.some((box, at) => kept.slice(at + 1).some((other) => meets(box, other)))
  return overlaps ? undefined : keys.filter((_, at) => kept.includes(boxes[at] ?? []))
}

function union(ranges: readonly Range[]): readonly Range[] {
  const merged: [bigint, bigint][] = []
  for (const [first, last] of ranges.toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))) {
    const before = merged.at(-1)
    if (before === undefined || first > before[1] + 1n) merged.push([first, last])
    else if (last > before[1]) before[1] = last
  }
  return merged
}

function writeRangeOf(field: NftField, first: bigint, last: bigint): NftValue {
  const [start = '', end = ''] = [writeBits(field, first), writeBits(field, last)]
  return first === last ? start : { kind: 'range', first: start, last: end }
}

/** Of two equal boxes the earlier covers the later. */
function covers(outer: readonly Range[], inner: readonly Range[], isEarlier: boolean): boolean {
  const holds = outer.every(([first, last], at) => {
    const [from, to] = inner[at] ?? [0n, 0n]
    return first <= from && to <= last
  })
  return holds && (isEarlier || outer.some(([first, last], at) => first !== inner[at]?.[0] || last !== inner[at]?.[1]))
}

function meets(a: readonly Range[], b: readonly Range[]): boolean {
  return a.every(([first, last], at) => {
    const [from, to] = b[at] ?? [0n, 0n]
    return first <= to && from <= last
  })
}
