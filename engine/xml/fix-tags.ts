import type { Fix } from '../diagnostics/diagnostic.ts'
import type { XmlElement } from './document.ts'
import { skipBlanks } from './skip.ts'

/** The end tag of an element that was left open, behind what it holds; `at` is where its parent goes on. */
export function endTagFix({ name, children }: Pick<XmlElement, 'name' | 'children'>, at: number): readonly Fix[] {
  // An element that holds another of its own name swallowed what stands behind it: where it ends is not known.
  if (children.some((child) => child.kind === 'element' && child.name === name)) return []
  const last = children.at(-1)
  const isBlank = last?.kind === 'text' && last.value.trim() === ''
  const place = isBlank ? last.span.start : at
  return [{ title: `Write </${name}>`, span: { start: place, end: place }, text: `</${name}>` }]
}

/** The end of a start tag that was never closed and ends at `end`; nothing where it is not clear whether the element holds more. */
export function tagEndFix(text: string, name: string, end: number): readonly Fix[] {
  const hasEndTag = text.indexOf(`</${name}`, end) !== -1
  const isLast = text.startsWith(`</${name}`, end) || text.indexOf(`<${name}`, end) === -1
  if (hasEndTag && !isLast) return []
  let place = end
  while (/[ \t\r\n]/.test(text[place - 1] ?? '')) place -= 1
  const mark = hasEndTag ? '>' : '/>'
  return [{ title: `Write ${mark}`, span: { start: place, end: place }, text: mark }]
}

/** Quotes around a value that has none, or one at its end alone. */
export function quoteFix(raw: string, start: number): readonly Fix[] {
  const value = raw.replace(/['"]$/, '')
  if (/['"]/.test(value)) return []
  return [{ title: 'Write the quotes', span: { start, end: start + raw.length }, text: `'${value}'` }]
}

/** The quote that ends a value, where nothing but the end of the tag follows it; the value begins at `start`. */
export function closingQuoteFix(text: string, start: number, quote: string): readonly Fix[] {
  const next = text.indexOf('<', start)
  const rest = text.slice(start, next === -1 ? text.length : next)
  const value = /^([^\s"'=>]*?)\s*\/?>\s*$/.exec(rest)?.[1]
  if (value === undefined) return []
  const at = start + value.length
  return [{ title: `Write the ${quote}`, span: { start: at, end: at }, text: quote }]
}

/** Takes an attribute away, with the blank in front of it. */
export function attributeRemoval(text: string, name: string, start: number, end: number): readonly Fix[] {
  const from = skipBlanks(text, start - 1) === start ? start - 1 : start
  return [{ title: `Remove ${name}`, span: { start: from, end }, text: '' }]
}

/** Another text in place of a stretch. */
export function replacement(start: number, end: number, text: string): readonly Fix[] {
  return [{ title: text === '' ? 'Remove it' : `Write ${text}`, span: { start, end }, text }]
}
