import type { Span } from '../diagnostics/span.ts'
import type { XmlNode } from '../xml/document.ts'
import { parseDocument } from '../xml/parse-document.ts'
import { contentLayout } from './content-layout.ts'

/**
 * The text of an element as it stands under an indentation: every line but the first moves by it, and ends with `lineEnd`.
 * A line that begins inside a value, a comment or text keeps its bytes: there blanks are data.
 */
export function indentFragment(xml: string, indentation: string, lineEnd: string): string {
  const text = xml.trim()
  if (!/[\r\n]/.test(text)) return text
  const kept = (parseDocument(text, 'fragment').value?.nodes ?? []).flatMap((node) => spansOfData(text, node))
  return text.replace(/\r\n?|\n/g, (written: string, at: number) => {
    if (kept.some(({ start, end }) => start <= at && at < end)) return written
    const isBlankLine = /[\r\n]/.test(text[at + written.length] ?? '')
    return isBlankLine ? lineEnd : `${lineEnd}${indentation}`
  })
}

function spansOfData(text: string, node: XmlNode): readonly Span[] {
  if (node.kind !== 'element') return node.kind === 'text' ? [] : [node.span]
  const { attributes, children, openSpan, closeSpan } = node
  const values = attributes.map(({ valueSpan }) => valueSpan)
  return contentLayout(text, node) === 'verbatim'
    ? [...values, { start: openSpan.end, end: closeSpan.start }]
    : [...values, ...children.flatMap((child) => spansOfData(text, child))]
}
