import { findAttribute } from '../xml/access.ts'
import type { XmlDocument, XmlElement } from '../xml/document.ts'
import type { TextEdit } from './edits.ts'

/** Removes an attribute with the blanks in front of it. No edit where it is not there. */
export function removeAttribute({ text }: XmlDocument, element: XmlElement, name: string): readonly TextEdit[] {
  const present = findAttribute(element, name)
  if (present === undefined) return []
  const { start, end } = present.span
  const blanks = /[ \t\r\n]*$/.exec(text.slice(element.nameSpan.end, start))?.[0].length ?? 0
  return [{ span: { start: start - blanks, end }, text: '' }]
}
