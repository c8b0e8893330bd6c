import type { XmlElement } from '../xml/document.ts'

/** What stands around the value of an attribute. */
export type Quote = "'" | '"'

const REFERENCES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '"': '&quot;',
  "'": '&apos;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
}

/**
 * A value between the quotes, so that XML reads exactly it: a bare tab or line end would come back as a blank. Characters that
 * XML forbids are written as they are, and the parser tells them.
 */
export function escapeValue(value: string, quote: Quote): string {
  const special = quote === '"' ? /[&<\t\n\r"]/g : /[&<\t\n\r']/g
  return value.replace(special, (character) => REFERENCES[character] ?? character)
}

/** The quotes of an element's last attribute; single ones, like libvirt's, where there is none. */
export function quoteOf(text: string, element: XmlElement): Quote {
  const last = element.attributes.at(-1)
  return last !== undefined && text[last.valueSpan.end] === '"' ? '"' : "'"
}
