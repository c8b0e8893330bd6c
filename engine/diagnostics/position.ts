/** A place for people: both numbers begin at 1, the column counts UTF-16 code units. */
export type Position = { readonly line: number; readonly column: number }

/** The position of an offset in a text; offsets outside are clamped. Lines end at LF, as libxml2 and Monaco count them. */
export function positionAt(text: string, offset: number): Position {
  const end = Math.max(0, Math.min(offset, text.length))
  let line = 1
  let lineStart = 0
  for (let at = text.indexOf('\n'); at !== -1 && at < end; at = text.indexOf('\n', at + 1)) {
    line += 1
    lineStart = at + 1
  }
  return { line, column: end - lineStart + 1 }
}
