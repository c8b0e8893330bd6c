/** The characters of a text that fit into so many bytes of UTF-8, none of them cut. */
export function cutText(text: string, mostBytes: number): string {
  if (text.length * 3 <= mostBytes) return text
  let bytes = 0
  let end = 0
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
    if (bytes > mostBytes) break
    end += character.length
  }
  return text.slice(0, end)
}
