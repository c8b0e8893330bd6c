import type { XmlElement } from '../xml/document.ts'

/** Columns of a line, in UTF-16 code units. */
const WIDTH = 120

/**
 * The start tag on one line, attributes in the author's order and with the author's quotes and bytes. A tag whose attributes
 * the author spread over lines stays spread where it is wider than WIDTH: one attribute a line, indented by four more. A tag
 * on one line stays there at any width. Where a value holds a line end, its longest line counts.
 */
export function formatStartTag(
  text: string,
  element: XmlElement,
  { end, indentation, lineEnd }: { readonly end: '>' | '/>'; readonly indentation: string; readonly lineEnd: string },
): string {
  const parts = [
    `<${element.name}`,
    ...element.attributes.map(({ name, valueSpan }) => `${name}=${text.slice(valueSpan.start - 1, valueSpan.end + 1)}`),
  ]
  const joined = `${parts.join(' ')}${end}`
  const width = Math.max(...`${indentation}${joined}`.split(/\r\n?|\n/).map((line) => line.length))
  if (width <= WIDTH || !isSpread(text, element)) return joined
  return `${parts.join(`${lineEnd}${indentation}    `)}${end}`
}

function isSpread(text: string, { attributes, nameSpan }: XmlElement): boolean {
  return attributes.some(({ span }, at) => {
    const before = attributes[at - 1]?.span ?? nameSpan
    return /[\r\n]/.test(text.slice(before.end, span.start))
  })
}
