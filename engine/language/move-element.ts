import type { XmlDocument, XmlElement } from '../xml/document.ts'
import { childPlace } from './child-place.ts'
import type { TextEdit } from './edits.ts'
import { removeElement } from './remove-element.ts'

/**
 * Makes an element the index-th child element of its parent, with its bytes untouched; an index past the last means the end.
 * Comments around it stay where they are. No edit for the root, or where it stands there already.
 */
export function moveElement(document: XmlDocument, element: XmlElement, index: number): readonly TextEdit[] {
  const parent = parentOf(element, document.root)
  if (parent === undefined) return []
  const siblings = parent.children.filter((child) => child.kind === 'element')
  const target = Math.min(Math.max(index, 0), siblings.length - 1)
  if (siblings.indexOf(element) === target) return []
  const { span, before, after } = childPlace(document, parent, target, element)
  const bytes = document.text.slice(element.span.start, element.span.end)
  return [...removeElement(document, element), { span, text: `${before}${bytes}${after}` }]
}

function parentOf(element: XmlElement, candidate: XmlElement | undefined): XmlElement | undefined {
  if (candidate === undefined || candidate.children.includes(element)) return candidate
  const around = candidate.children.find(({ span }) => span.start <= element.span.start && element.span.end <= span.end)
  return around?.kind === 'element' ? parentOf(element, around) : undefined
}
