import type { Diagnostic, Source } from './diagnostic.ts'
import { positionAt } from './position.ts'
import type { Span } from './span.ts'

/** How much of a long line is shown, and where its place stands in it. */
const WIDTH = 160
const BEFORE = 80

type Options = {
  /** ANSI colours, for a terminal. */
  readonly colour?: boolean
  /** The text and the file of the source of a related place; without it related places are left out. */
  readonly placeOf?: (source: Source) => { readonly text: string; readonly file: string } | undefined
}

const COLOURS = { error: 31, warning: 33, info: 36 } as const

/**
 * `FILE:LINE:COLUMN: error CODE MESSAGE`, then the line and a caret under the span, then the other places and the fixes, each on
 * a line that begins with a blank.
 */
export function renderDiagnostic(diagnostic: Diagnostic, text: string, file: string, options: Options = {}): string {
  const { severity, code, message, span, related, fixes } = diagnostic
  const paint = (colour: number, words: string) => (options.colour ? `\u001b[${colour}m${words}\u001b[0m` : words)
  const { line, column } = positionAt(text, span.start)
  const { shown, before, width } = excerpt(text, span, column)
  const caret = paint(COLOURS[severity], '^'.repeat(width))
  const lines = [
    `${paint(1, `${file}:${line}:${column}:`)} ${paint(COLOURS[severity], severity)} ${code} ${message}`,
    shown,
    `${before}${caret}`,
  ]
  for (const place of related) {
    const known = options.placeOf?.(place.source)
    if (known === undefined) continue
    const at = positionAt(known.text, place.span.start)
    lines.push(paint(2, ` ${known.file}:${at.line}:${at.column}: ${place.message}`))
  }
  if (options.placeOf !== undefined) for (const { title } of fixes) lines.push(paint(2, ` fix: ${title}`))
  return lines.join('\n')
}

function excerpt(text: string, span: Span, column: number) {
  const start = Math.min(span.start, text.length)
  const lineStart = start - column + 1
  const lineEnd = text.indexOf('\n', lineStart)
  const whole = text.slice(lineStart, lineEnd === -1 ? text.length : lineEnd).replace(/\r$/, '')
  // A line of megabytes is of no use to anybody: show the part around the place.
  const from = Math.max(0, column - 1 - BEFORE)
  const shown = printable(whole.slice(from, from + WIDTH))
  const before = shown.slice(0, column - 1 - from).replace(/[^\t]/g, ' ')
  return { shown, before, width: Math.max(1, Math.min(span.end - start, shown.length - (column - 1 - from))) }
}

/** Characters that would move the cursor of a terminal, or colour it, are shown as a replacement. */
function printable(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the very characters to replace
  return line.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\ufffd')
}
