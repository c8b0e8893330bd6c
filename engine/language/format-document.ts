import type { XmlDocument, XmlElement, XmlNode } from '../xml/document.ts'
import { contentLayout } from './content-layout.ts'
import { formatStartTag } from './format-start-tag.ts'
import { lineEndOf } from './lines.ts'

/** libvirt nests a handful of levels. Deeper than this, indentation alone could grow a text without bound. */
const MAX_INDENTED_LEVELS = 40
const BYTE_ORDER_MARK = '\ufeff'

type Lines = { readonly text: string; readonly lineEnd: string }

/**
 * A document in Sluice's formatting: an element a line, two blanks a level, one line end at the end, line ends as the author
 * has them. Comments, blank lines between entries, the order and bytes of attributes, and every text that may be data stay.
 * For documents that were parsed without a diagnostic; one without root gives its own text. Formatting twice changes nothing.
 */
export function formatDocument({ text, nodes, root }: XmlDocument): string {
  if (root === undefined) return text
  const mark = text.startsWith(BYTE_ORDER_MARK) ? BYTE_ORDER_MARK : ''
  const lineEnd = lineEndOf(text)
  return `${mark}${formatNodes('', mark === '' ? nodes : nodes.slice(1), 0, { text, lineEnd })}${lineEnd}`
}

/** `opening` and the nodes behind it. A comment stays on the line on which it stood behind something. */
function formatNodes(opening: string, nodes: readonly XmlNode[], depth: number, lines: Lines): string {
  let written = opening
  let lineEnds = 0
  let isFirst = true
  for (const node of nodes) {
    if (node.kind === 'text') {
      lineEnds = lines.text.slice(node.span.start, node.span.end).match(/\r\n?|\n/g)?.length ?? 0
      continue
    }
    if (node.kind === 'comment' && lineEnds === 0 && written !== '') written += ' '
    else if (written !== '') {
      const blankLine = lineEnds > 1 && !isFirst ? lines.lineEnd : ''
      written += `${blankLine}${lines.lineEnd}${indentationOf(depth)}`
    }
    written += formatNode(node, depth, lines)
    lineEnds = 0
    isFirst = false
  }
  return written
}

function formatNode(node: XmlNode, depth: number, lines: Lines): string {
  return node.kind === 'element' ? formatElement(node, depth, lines) : lines.text.slice(node.span.start, node.span.end)
}

function formatElement(element: XmlElement, depth: number, lines: Lines): string {
  const { text, lineEnd } = lines
  const indentation = indentationOf(depth)
  const layout = contentLayout(text, element)
  const open = formatStartTag(text, element, { end: layout === 'empty' ? '/>' : '>', indentation, lineEnd })
  if (layout === 'empty') return open
  const close = `</${element.name}>`
  if (layout === 'verbatim') return `${open}${text.slice(element.openSpan.end, element.closeSpan.start)}${close}`
  return `${formatNodes(open, element.children, depth + 1, lines)}${lineEnd}${indentation}${close}`
}

function indentationOf(depth: number): string {
  return '  '.repeat(Math.min(depth, MAX_INDENTED_LEVELS))
}
