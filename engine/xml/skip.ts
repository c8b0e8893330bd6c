const NAME =
  /[:A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\udfff\uf900-\ufdcf\ufdf0-\ufffd][-.0-9:A-Z_a-z\u00b7\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u037d\u037f-\u1fff\u200c-\u200d\u203f\u2040\u2070-\u218f\u2c00-\u2fef\u3001-\udfff\uf900-\ufdcf\ufdf0-\ufffd]*/y

/** Where the name that begins here ends; `at` itself where none begins. XML 1.0, production 5. */
export function skipName(text: string, at: number): number {
  let end = at
  // Nearly every name is made of letters: only another character needs the whole table.
  for (let code = text.charCodeAt(end); isLetter(code); code = text.charCodeAt(end)) end += 1
  if (end > at && isEndOfName(text.charCodeAt(end))) return end
  NAME.lastIndex = at
  return NAME.test(text) ? NAME.lastIndex : at
}

function isLetter(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90)
}

/** Blank, line end, tab, `=`, `>` or `/`. */
function isEndOfName(code: number): boolean {
  return code === 32 || code === 61 || code === 62 || code === 47 || code === 10 || code === 9 || code === 13
}

function isBlank(code: number): boolean {
  return code === 32 || code === 10 || code === 9 || code === 13
}

/** Where the blanks that begin here end. */
export function skipBlanks(text: string, at: number): number {
  let end = at
  while (isBlank(text.charCodeAt(end))) end += 1
  return end
}

/** Where what cannot be read ends: at a blank or at the markup that follows, one character at least. */
export function skipJunk(text: string, at: number): number {
  let end = at + 1
  while (end < text.length && !/[ \t\r\n<>/]/.test(text[end] ?? '')) end += 1
  return end
}

/** Where a value without quotes ends: at a blank, at `<`, or at the end of the tag. */
export function skipUnquoted(text: string, at: number): number {
  let end = at
  while (end < text.length && !/[ \t\r\n<>]/.test(text[end] ?? '') && !text.startsWith('/>', end)) end += 1
  return end
}
