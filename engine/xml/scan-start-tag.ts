import type { Span } from '../diagnostics/span.ts'
import type { XmlAttribute } from './document.ts'
import { attributeRemoval, closingQuoteFix, quoteFix, replacement, tagEndFix } from './fix-tags.ts'
import { isPlainText, sayForbiddenValue } from './forbidden-characters.ts'
import type { Say } from './reading.ts'
import { type ReferenceProblem, resolveReferences } from './resolve-references.ts'
import { skipBlanks, skipJunk, skipName, skipUnquoted } from './skip.ts'

/** A start tag as written; `end` is the offset behind its `>`. */
export type StartTag = {
  readonly name: string
  readonly nameSpan: Span
  readonly attributes: readonly XmlAttribute[]
  readonly selfClosing: boolean
  /** Its end was not found, which is told. */
  readonly isBroken: boolean
  readonly end: number
}

/** Where a tag is read from, and who is told what is wrong with it. */
type Output = {
  readonly text: string
  readonly say: Say
  readonly sayReferences: (problems: readonly ReferenceProblem[]) => void
}

/** The tag that is being read. */
type Scan = Output & {
  readonly name: string
  readonly attributes: XmlAttribute[]
  /** A value has no end, which is told. */
  isCutShort: boolean
}

/** Scans `<name attribute="value" …>` at `start`; undefined where no name follows the `<`. Skips what it cannot read, up to the next `>` or `<`. */
export function scanStartTag({ text, say, sayReferences }: Output, start: number): StartTag | undefined {
  const nameEnd = skipName(text, start + 1)
  if (nameEnd === start + 1) {
    const fixes = replacement(start, start + 1, '&lt;')
    say('NWF107', start, start + 1, 'A < begins a tag; as text it must be written &lt;.', fixes)
    return undefined
  }
  const name = text.slice(start + 1, nameEnd)
  const nameSpan = { start: start + 1, end: nameEnd }
  const scan: Scan = { text, say, sayReferences, name, attributes: [], isCutShort: false }
  const end = scanAttributes(scan, nameEnd)
  const { attributes } = scan
  if (text[end] === '>') return { name, nameSpan, attributes, selfClosing: false, isBroken: false, end: end + 1 }
  if (text[end] === '/') return { name, nameSpan, attributes, selfClosing: true, isBroken: false, end: end + 2 }
  if (!scan.isCutShort)
    say('NWF101', start, nameEnd, `The tag <${name}> is not closed with >.`, () => tagEndFix(text, name, end))
  return { name, nameSpan, attributes, selfClosing: false, isBroken: true, end }
}

/** Where the tag's attributes end: at `>`, at `/>`, or at what shows that it was never closed. */
function scanAttributes(scan: Scan, from: number): number {
  const { text, say } = scan
  let at = from
  for (;;) {
    const blanks = skipBlanks(text, at)
    const hasBlank = blanks > at
    at = blanks
    const c = text[at]
    if (c === undefined || c === '>' || c === '<' || (c === '/' && text[at + 1] === '>')) return at
    const attributeEnd = skipName(text, at)
    if (attributeEnd === at) {
      at = sayJunk(scan, at)
      continue
    }
    if (!hasBlank)
      say('NWF103', at, attributeEnd, `A blank is needed before the attribute ${text.slice(at, attributeEnd)}.`)
    at = scanAttribute(scan, at, attributeEnd)
  }
}

function sayJunk({ text, say }: Scan, at: number): number {
  const end = skipJunk(text, at)
  const shown = JSON.stringify(text.slice(at, Math.min(end, at + 20)))
  say('NWF103', at, end, `An attribute or > is expected here, not ${shown}.`)
  return end
}

function scanAttribute(scan: Scan, nameStart: number, nameEnd: number): number {
  const { text, say } = scan
  const name = text.slice(nameStart, nameEnd)
  let at = skipBlanks(text, nameEnd)
  if (text[at] !== '=') {
    say('NWF103', nameStart, nameEnd, `The attribute ${name} needs a value: ${name}="…".`)
    return nameEnd
  }
  at = skipBlanks(text, at + 1)
  const quote = text[at]
  if (quote !== '"' && quote !== "'") {
    const end = skipUnquoted(text, at)
    const message = `The value of ${name} must stand in quotes.`
    if (end === at) say('NWF103', nameStart, Math.max(nameEnd, at), message)
    else say('NWF103', at, end, message, quoteFix(text.slice(at, end), at))
    return end
  }
  const close = text.indexOf(quote, at + 1)
  if (close === -1) {
    const message = `The value of ${name} is never closed: its ${quote} is missing.`
    say('NWF103', nameStart, nameEnd, message, closingQuoteFix(text, at + 1, quote))
    scan.isCutShort = true
    const next = text.indexOf('<', at + 1)
    return next === -1 ? text.length : next
  }
  addAttribute(scan, name, nameStart, text.slice(at + 1, close), at + 1)
  return close + 1
}

function addAttribute(scan: Scan, name: string, nameStart: number, raw: string, valueStart: number): void {
  const nameSpan = { start: nameStart, end: nameStart + name.length }
  const valueSpan = { start: valueStart, end: valueStart + raw.length }
  const value = isPlainText(raw) ? raw : readValue(scan, name, raw, valueStart)
  for (const attribute of scan.attributes)
    if (attribute.name === name) {
      const fixes = attributeRemoval(scan.text, name, nameStart, valueSpan.end + 1)
      scan.say('NWF104', nameSpan.start, nameSpan.end, `The attribute ${name} stands twice on <${scan.name}>.`, fixes)
      return
    }
  scan.attributes.push({ name, value, nameSpan, valueSpan, span: { start: nameStart, end: valueSpan.end + 1 } })
}

/** A value with references, line ends or characters that have to be looked at. */
function readValue({ say, sayReferences }: Scan, name: string, raw: string, start: number): string {
  const less = raw.indexOf('<')
  if (less !== -1) {
    const at = start + less
    say('NWF107', at, at + 1, 'A < in a value must be written &lt;.', replacement(at, at + 1, '&lt;'))
  }
  sayForbiddenValue(say, name, raw, start)
  const problems: ReferenceProblem[] = []
  // Line ends and tabs become blanks; what character references stand for stays (XML 1.0, 3.3.3).
  const value = resolveReferences(raw.replace(/\r\n|[\t\r\n]/g, ' '), start, problems)
  sayReferences(problems)
  return value
}
