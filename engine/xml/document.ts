import type { Span } from '../diagnostics/span.ts'

/** An attribute as written. `value` has its references resolved and white space normalised to blanks (XML 1.0, 3.3.3). */
export type XmlAttribute = {
  readonly name: string
  readonly value: string
  readonly nameSpan: Span
  /** Without the quotes. */
  readonly valueSpan: Span
  readonly span: Span
}

/** An element with the places of its parts. */
export type XmlElement = {
  readonly kind: 'element'
  readonly name: string
  readonly attributes: readonly XmlAttribute[]
  readonly children: readonly XmlNode[]
  readonly nameSpan: Span
  /** From `<` to the `>` of the start tag. */
  readonly openSpan: Span
  /** The end tag; empty at the end of the start tag when there is none. */
  readonly closeSpan: Span
  readonly span: Span
}

type XmlText = { readonly kind: 'text' | 'cdata'; readonly value: string; readonly span: Span }
/** Bytes that carry no data: a comment, the XML declaration, and whatever was refused. */
type XmlTrivia = { readonly kind: 'comment' | 'declaration' | 'refused'; readonly span: Span }
/** A node of a document. */
export type XmlNode = XmlElement | XmlText | XmlTrivia

/** A parsed text. The spans of `nodes` cover it without a gap, so that printing an untouched document gives its bytes. */
export type XmlDocument = {
  readonly kind: 'document'
  readonly text: string
  readonly nodes: readonly XmlNode[]
  readonly root: XmlElement | undefined
}
