import type { XmlAttribute, XmlElement } from './document.ts'

/** The first child element of a name. */
export function childElement(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((node): node is XmlElement => node.kind === 'element' && node.name === name)
}

/** Every child element of a name. */
export function childElements(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return (element?.children ?? []).filter((node): node is XmlElement => node.kind === 'element' && node.name === name)
}

/** The attribute of a name. */
export function findAttribute(element: XmlElement | undefined, name: string): XmlAttribute | undefined {
  if (element === undefined) return undefined
  for (const attribute of element.attributes) if (attribute.name === name) return attribute
  return undefined
}

/** The value of an attribute. */
export function attributeValue(element: XmlElement | undefined, name: string): string | undefined {
  return findAttribute(element, name)?.value
}

/** The text of an element without that of its child elements; undefined without an element. */
export function textContent(element: XmlElement | undefined): string | undefined {
  return element?.children.map((node) => (node.kind === 'text' || node.kind === 'cdata' ? node.value : '')).join('')
}
