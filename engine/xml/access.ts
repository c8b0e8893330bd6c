import type { XmlElement } from './document.ts'

/** The first child element of a name. */
export function childElement(element: XmlElement | undefined, name: string): XmlElement | undefined {
  return element?.children.find((node): node is XmlElement => node.kind === 'element' && node.name === name)
}

/** Every child element of a name. */
export function childElements(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return (element?.children ?? []).filter((node): node is XmlElement => node.kind === 'element' && node.name === name)
}

/** The value of an attribute. */
export function attributeValue(element: XmlElement | undefined, name: string): string | undefined {
  return element?.attributes.find((candidate) => candidate.name === name)?.value
}

/** The text of an element without that of its child elements; undefined without an element. */
export function textContent(element: XmlElement | undefined): string | undefined {
  return element?.children.map((node) => (node.kind === 'text' || node.kind === 'cdata' ? node.value : '')).join('')
}
