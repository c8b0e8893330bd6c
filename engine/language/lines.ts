/** CRLF where the text uses nothing else, LF otherwise. */
export function lineEndOf(text: string): '\r\n' | '\n' {
  return text.includes('\r\n') && !/\r(?!\n)|(?<!\r)\n/.test(text) ? '\r\n' : '\n'
}

/** Whether there is nothing here but white space as written: a `&#32;` is text that somebody wanted. */
export function isBlank(raw: string): boolean {
  return /^[ \t\r\n]*$/.test(raw)
}

/** Where the line begins that holds `at`; UTF-16 code units, like every offset. */
export function lineStartOf(text: string, at: number): number {
  return at === 0 ? 0 : Math.max(text.lastIndexOf('\n', at - 1), text.lastIndexOf('\r', at - 1)) + 1
}

/** The blanks with which the line begins that holds `at`. */
export function indentationAt(text: string, at: number): string {
  return /^[ \t]*/.exec(text.slice(lineStartOf(text, at), at))?.[0] ?? ''
}

/** Whether nothing but blanks stands in front of `at` on its line. */
export function startsLine(text: string, at: number): boolean {
  return isBlank(text.slice(lineStartOf(text, at), at))
}
