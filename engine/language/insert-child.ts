import type { XmlDocument, XmlElement } from '../xml/document.ts'
import { childPlace } from './child-place.ts'
import type { TextEdit } from './edits.ts'
import { indentFragment } from './indent-fragment.ts'

/**
 * Makes `xml`, the text of an element, the index-th child element of `parent`; an index past the last means the end. It gets
 * lines of its own with the indentation of its siblings; a parent `<filter/>` is opened.
 */
export function insertChild(
  document: XmlDocument,
  parent: XmlElement,
  index: number,
  xml: string,
): readonly TextEdit[] {
  const { span, before, after, indentation, lineEnd } = childPlace(document, parent, index)
  return [{ span, text: `${before}${indentFragment(xml, indentation, lineEnd)}${after}` }]
}
