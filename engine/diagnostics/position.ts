/** A place for people: both numbers begin at 1, the column counts UTF-16 code units. */
export type Position = { readonly line: number; readonly column: number }

/** The position of an offset in a text; offsets outside are clamped. Lines end at LF, as libxml2 and Monaco count them. */
export function positionAt(text: string, offset: number): Position {
  return positionsIn(text)(offset)
}

/** The same for many offsets of one text: lines are counted once, when the first is asked for. */
export function positionsIn(text: string): (offset: number) => Position {
  let starts: number[] | undefined
  return (offset) => {
    starts ??= lineStarts(text)
    const end = Math.max(0, Math.min(offset, text.length))
    let [low, high] = [0, starts.length - 1]
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] ?? 0) <= end) low = middle
      else high = middle - 1
    }
    return { line: low + 1, column: end - (starts[low] ?? 0) + 1 }
  }
}

function lineStarts(text: string): number[] {
  const starts = [0]
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return starts
}
