import type { DiagnosticCode } from '../diagnostics/registry.ts'
import type { Span } from '../diagnostics/span.ts'
import type { XmlAttribute } from './document.ts'
import { type ReferenceProblem, resolveReferences } from './resolve-references.ts'

type Say = (code: DiagnosticCode, start: number, end: number, message: string) => void

export type StartTag = {
  readonly name: string
  readonly nameSpan: Span
  readonly attributes: readonly XmlAttribute[]
  readonly selfClosing: boolean
  readonly end: number
}

const NAME =
  /[:A-Z_a-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef\u3001-\udfff\uf900-\ufdcf\ufdf0-\ufffd][-.0-9:A-Z_a-z\u00b7\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u037d\u037f-\u1fff\u200c-\u200d\u203f\u2040\u2070-\u218f\u2c00-\u2fef\u3001-\udfff\uf900-\ufdcf\ufdf0-\ufffd]*/y
const BLANKS = /[ \t\r\n]*/y

/** Scans `<name attribute="value" …>` at `start`; undefined where no name follows the `<`. Skips what it cannot read, up to the next `>` or `<`. */
export function scanStartTag(
  text: string,
  start: number,
  say: Say,
  sayReferences: (problems: readonly ReferenceProblem[]) => void,
): StartTag | undefined {
  const name = matchAt(NAME, text, start + 1)
  if (name === '') {
    say('NWF107', start, start + 1, 'A < begins a tag; as text it must be written &lt;.')
    return undefined
  }
  const nameSpan = { start: start + 1, end: start + 1 + name.length }
  const attributes: XmlAttribute[] = []
  const seen = new Set<string>()
  let at = nameSpan.end
  for (;;) {
    const blanks = matchAt(BLANKS, text, at).length
    at += blanks
    const c = text[at]
    if (c === '>') return { name, nameSpan, attributes, selfClosing: false, end: at + 1 }
    if (c === '/' && text[at + 1] === '>') return { name, nameSpan, attributes, selfClosing: true, end: at + 2 }
    if (c === undefined || c === '<') {
      say('NWF101', nameSpan.start - 1, nameSpan.end, `The tag <${name}> is not closed with >.`)
      return { name, nameSpan, attributes, selfClosing: false, end: at }
    }
    const attributeName = matchAt(NAME, text, at)
    if (attributeName === '') {
      const end = skipJunk(at)
      say(
        'NWF103',
        at,
        end,
        `An attribute or > is expected here, not ${JSON.stringify(text.slice(at, Math.min(end, at + 20)))}.`,
      )
      at = end
      continue
    }
    if (blanks === 0)
      say('NWF103', at, at + attributeName.length, `A blank is needed before the attribute ${attributeName}.`)
    at = scanAttribute(at, attributeName)
  }

  function scanAttribute(nameStart: number, attributeName: string): number {
    const nameEnd = nameStart + attributeName.length
    let at = nameEnd + matchAt(BLANKS, text, nameEnd).length
    if (text[at] !== '=') {
      say('NWF103', nameStart, nameEnd, `The attribute ${attributeName} needs a value: ${attributeName}="…".`)
      return nameEnd
    }
    at += 1 + matchAt(BLANKS, text, at + 1).length
    const quote = text[at]
    if (quote !== '"' && quote !== "'") {
      say('NWF103', nameStart, Math.max(nameEnd, at), `The value of ${attributeName} must stand in quotes.`)
      return text[at] === undefined || text[at] === '<' || text[at] === '>' ? at : skipJunk(at)
    }
    const close = text.indexOf(quote, at + 1)
    if (close === -1) {
      say('NWF103', nameStart, nameEnd, `The value of ${attributeName} is never closed: its ${quote} is missing.`)
      const next = text.indexOf('<', at + 1)
      return next === -1 ? text.length : next
    }
    const raw = text.slice(at + 1, close)
    const less = raw.indexOf('<')
    if (less !== -1) say('NWF107', at + 1 + less, at + 2 + less, 'A < in a value must be written &lt;.')
    addAttribute(attributeName, nameStart, at + 1, raw)
    return close + 1
  }

  function addAttribute(attributeName: string, nameStart: number, valueStart: number, raw: string): void {
    const nameSpan = { start: nameStart, end: nameStart + attributeName.length }
    const valueEnd = valueStart + raw.length
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the very characters to find
    const forbidden = raw.search(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/)
    if (forbidden !== -1 || !raw.isWellFormed())
      say(
        'NWF107',
        valueStart + Math.max(0, forbidden),
        valueEnd,
        `The value of ${attributeName} holds a character that XML forbids.`,
      )
    const problems: ReferenceProblem[] = []
    // Line ends and tabs become blanks; what character references stand for stays (XML 1.0, 3.3.3).
    const value = resolveReferences(raw.replace(/\r\n|[\t\r\n]/g, ' '), valueStart, problems)
    sayReferences(problems)
    if (seen.has(attributeName)) {
      say('NWF104', nameSpan.start, nameSpan.end, `The attribute ${attributeName} stands twice on <${name}>.`)
      return
    }
    seen.add(attributeName)
    attributes.push({
      name: attributeName,
      value,
      nameSpan,
      valueSpan: { start: valueStart, end: valueEnd },
      span: { start: nameStart, end: valueEnd + 1 },
    })
  }

  function skipJunk(from: number): number {
    let end = from + 1
    while (end < text.length && !/[ \t\r\n<>/]/.test(text[end] ?? '')) end += 1
    return end
  }
}

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0] ?? ''
}
