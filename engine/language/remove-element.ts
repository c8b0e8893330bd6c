import type { XmlDocument, XmlElement } from '../xml/document.ts'
import type { TextEdit } from './edits.ts'
import { lineStartOf, startsLine } from './lines.ts'

/** Removes an element: with its lines where nothing else stands on them, else its bytes alone. Comments around it stay. */
export function removeElement({ text }: XmlDocument, { span }: XmlElement): readonly TextEdit[] {
  const rest = /^[ \t]*(?:\r\n|\r|\n|$)/.exec(text.slice(span.end))
  if (rest === null || !startsLine(text, span.start)) return [{ span, text: '' }]
  return [{ span: { start: lineStartOf(text, span.start), end: span.end + rest[0].length }, text: '' }]
}
