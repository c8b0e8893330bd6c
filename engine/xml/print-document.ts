import type { XmlDocument, XmlNode } from './document.ts'

/** The document's text again, byte for byte, put together from its nodes: comments, attribute order and blanks survive. */
export function printDocument(document: XmlDocument): string {
  return document.nodes.map((node) => printNode(document.text, node)).join('')
}

function printNode(text: string, node: XmlNode): string {
  if (node.kind !== 'element') return text.slice(node.span.start, node.span.end)
  const open = text.slice(node.openSpan.start, node.openSpan.end)
  const close = text.slice(node.closeSpan.start, node.closeSpan.end)
  return open + node.children.map((child) => printNode(text, child)).join('') + close
}
