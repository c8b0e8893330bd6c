import { protocols } from '../protocols/all-protocols.ts'
import type { XmlElement } from '../xml/document.ts'
import { isBlank } from './lines.ts'

/** Libvirt reads the whole text of these, blanks too: `<uuid/>` is no UUID, `<uuid> </uuid>` a wrong one. `metadata` belongs to others. */
const READ_AS_TEXT: ReadonlySet<string> = new Set(['name', 'uuid', 'title', 'description', 'metadata'])

/** Nobody reads text inside these. */
const READ_AS_STRUCTURE: ReadonlySet<string> = new Set([
  ...['filter', 'rule', 'filterref', 'parameter'],
  ...['filterbinding', 'owner', 'portdev', 'linkdev'],
  ...protocols.keys(),
])

/**
 * What may be done to the white space inside an element. `empty`: there is no content, or none that counts. `block`: each
 * child may have its own line. `verbatim`: it may be data, so every byte stays; also where an element that we do not know
 * holds blanks or comments alone.
 */
export function contentLayout(text: string, element: XmlElement): 'empty' | 'block' | 'verbatim' {
  const { name, attributes, children } = element
  if (children.length === 0) return 'empty'
  const keepsSpace = attributes.some((attribute) => attribute.name === 'xml:space' && attribute.value === 'preserve')
  if (keepsSpace || READ_AS_TEXT.has(name)) return 'verbatim'
  const holdsText = children.some(
    ({ kind, span }) => kind === 'cdata' || (kind === 'text' && !isBlank(text.slice(span.start, span.end))),
  )
  if (holdsText) return 'verbatim'
  if (children.some(({ kind }) => kind === 'element')) return 'block'
  if (!READ_AS_STRUCTURE.has(name)) return 'verbatim'
  return children.every(({ kind }) => kind === 'text') ? 'empty' : 'block'
}
