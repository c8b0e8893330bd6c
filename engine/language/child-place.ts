import type { Span } from '../diagnostics/span.ts'
import type { XmlDocument, XmlElement, XmlNode } from '../xml/document.ts'
import { indentationAt, isBlank, lineEndOf, startsLine } from './lines.ts'

/** Where a child goes: `before`, the child and `after` take the place of `span`. */
export type ChildPlace = {
  readonly span: Span
  readonly before: string
  readonly after: string
  /** What each further line of the child begins with. */
  readonly indentation: string
  readonly lineEnd: string
}

/**
 * The place of the index-th child element, on a line of its own. It lies directly behind the element before it, so that
 * comments in front of the next one stay with that; past the last element it lies at the end, behind every comment. An
 * element that is `leaving` does not count.
 */
export function childPlace({ text }: XmlDocument, parent: XmlElement, index: number, leaving?: XmlElement): ChildPlace {
  const staying = parent.children.filter((child) => child !== leaving)
  const elements = staying.filter((child) => child.kind === 'element')
  const at = Math.min(Math.max(index, 0), elements.length)
  const outer = indentationAt(text, parent.span.start)
  const model = [elements[at - 1], elements[at], ...elements].find((one) => one && startsLine(text, one.span.start))
  const indentation = model === undefined ? `${outer}  ` : indentationAt(text, model.span.start)
  const lineEnd = lineEndOf(text)
  const before = `${lineEnd}${indentation}`
  const tagEnd = selfClosingEnd(text, parent)
  if (tagEnd !== undefined)
    return { span: tagEnd, before: `>${before}`, after: `${lineEnd}${outer}</${parent.name}>`, indentation, lineEnd }
  const start =
    at === elements.length
      ? endOfContent(text, staying, parent.openSpan.end)
      : endOfLine(text, staying, elements[at - 1]?.span.end ?? parent.openSpan.end)
  const blanks = /^[ \t\r\n]*/.exec(text.slice(start, parent.closeSpan.start))?.[0] ?? ''
  // Where no line ends here, blanks between two things give way to a line end of ours.
  const endsHere = /[\r\n]/.test(blanks)
  const end = endsHere ? start : start + blanks.length
  const after = endsHere ? '' : `${lineEnd}${end === parent.closeSpan.start ? outer : indentation}`
  return { span: { start, end }, before, after, indentation, lineEnd }
}

/** The `/>` and the blanks in front of it. */
function selfClosingEnd(text: string, { openSpan }: XmlElement): Span | undefined {
  const found = /[ \t\r\n]*\/>$/.exec(text.slice(openSpan.start, openSpan.end))
  return found === null ? undefined : { start: openSpan.end - found[0].length, end: openSpan.end }
}

/** Behind everything that is not white space. */
function endOfContent(text: string, children: readonly XmlNode[], otherwise: number): number {
  const last = children.findLast(({ kind, span }) => kind !== 'text' || !isBlank(text.slice(span.start, span.end)))
  return last?.span.end ?? otherwise
}

/** Behind the comments that follow on the same line. */
function endOfLine(text: string, children: readonly XmlNode[], start: number): number {
  let end = start
  for (const { kind, span } of children) {
    if (span.start < start) continue
    if (kind === 'comment') end = span.end
    else if (kind !== 'text' || !/^[ \t]*$/.test(text.slice(span.start, span.end))) break
  }
  return end
}
