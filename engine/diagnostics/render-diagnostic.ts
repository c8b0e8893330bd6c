import type { Diagnostic } from './diagnostic.ts'
import { positionAt } from './position.ts'

/** `FILE:LINE:COLUMN: error CODE MESSAGE`, then the line and a caret under the span. */
export function renderDiagnostic({ severity, code, message, span }: Diagnostic, text: string, file: string): string {
  const { line, column } = positionAt(text, span.start)
  const lineStart = span.start - column + 1
  const lineEnd = text.indexOf('\n', lineStart)
  const whole = text.slice(lineStart, lineEnd === -1 ? text.length : lineEnd).replace(/\r$/, '')
  // A line of megabytes is of no use to anybody: show the part around the place.
  const from = Math.max(0, column - 1 - 80)
  const shown = whole.slice(from, from + 160)
  const before = shown.slice(0, column - 1 - from).replace(/[^\t]/g, ' ')
  const width = Math.max(1, Math.min(span.end - span.start, shown.length - (column - 1 - from)))
  return `${file}:${line}:${column}: ${severity} ${code} ${message}\n${shown}\n${before}${'^'.repeat(width)}`
}
