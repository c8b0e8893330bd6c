import { findAttribute } from '../xml/access.ts'
import type { XmlDocument, XmlElement } from '../xml/document.ts'
import type { TextEdit } from './edits.ts'
import { escapeValue, quoteOf } from './quote-value.ts'

/**
 * Gives an attribute a value (as read, not as written). One that is there keeps its place and quotes; a new one goes behind
 * the last, in its quotes. No edit where the value is there already.
 */
export function setAttribute(
  { text }: XmlDocument,
  element: XmlElement,
  name: string,
  value: string,
): readonly TextEdit[] {
  const present = findAttribute(element, name)
  if (present === undefined) {
    const quote = quoteOf(text, element)
    const { end } = element.attributes.at(-1)?.span ?? element.nameSpan
    return [{ span: { start: end, end }, text: ` ${name}=${quote}${escapeValue(value, quote)}${quote}` }]
  }
  if (present.value === value) return []
  const quote = text[present.valueSpan.end] === '"' ? '"' : "'"
  return [{ span: present.valueSpan, text: escapeValue(value, quote) }]
}
