import type { Diagnostic, Source, Staged } from '../diagnostics/diagnostic.ts'
import type { DiagnosticCode } from '../diagnostics/registry.ts'
import { report } from '../diagnostics/report.ts'
import type { XmlDocument, XmlElement, XmlNode } from './document.ts'
import { type ReferenceProblem, resolveReferences } from './resolve-references.ts'
import { scanStartTag } from './scan-start-tag.ts'

const MAX_LENGTH = 5_000_000
/** libxml2's own limit without XML_PARSE_HUGE. */
const MAX_DEPTH = 256
/** Enough to see what is wrong; a broken text of megabytes must not make megabytes of messages. */
const MAX_DIAGNOSTICS = 200

type OpenElement = { readonly node: Omit<XmlElement, 'children' | 'closeSpan' | 'span'>; readonly children: XmlNode[] }

/**
 * Parses XML into a document in which every element, attribute and value has its span. Reads on after an error, so that an
 * editor keeps an outline; accepts what libxml2 accepts, except document types, other entities and processing instructions.
 * The value is undefined only for a text that is too large.
 */
export function parseDocument(text: string, source: Source): Staged<XmlDocument> {
  const diagnostics: Diagnostic[] = []
  const say = (code: DiagnosticCode, start: number, end: number, message: string) => {
    if (diagnostics.length < MAX_DIAGNOSTICS) diagnostics.push(report(code, source, { start, end }, message))
  }
  if (text.length > MAX_LENGTH) {
    say('NWF109', 0, 0, `The text has ${text.length} characters; at most ${MAX_LENGTH} are read.`)
    return { value: undefined, diagnostics }
  }
  const nodes: XmlNode[] = []
  const stack: OpenElement[] = []
  let root: XmlElement | undefined
  let rootSeen = false
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0
  if (at === 1) nodes.push({ kind: 'declaration', span: { start: 0, end: 1 } })
  const firstByte = at

  const add = (node: XmlNode) => {
    const parent = stack.at(-1)
    ;(parent === undefined ? nodes : parent.children).push(node)
  }
  const close = (open: OpenElement, start: number, end: number) => {
    const element: XmlElement = {
      ...open.node,
      children: open.children,
      closeSpan: { start, end },
      span: { start: open.node.openSpan.start, end },
    }
    add(element)
    if (stack.length === 0 && root === undefined) root = element
  }
  const sayReferences = (problems: readonly ReferenceProblem[]) => {
    for (const { kind, name, span } of problems) {
      if (kind === 'unknown-entity')
        say('NWF106', span.start, span.end, `The entity &${name}; is not one of the five that XML knows.`)
      else if (kind === 'bad-character') say('NWF107', span.start, span.end, `${name} is no character that XML allows.`)
      else say('NWF106', span.start, span.end, 'A bare & must be written &amp;.')
    }
  }

  while (at < text.length) {
    if (text.charCodeAt(at) !== 60 /* < */) {
      const next = text.indexOf('<', at)
      const end = next === -1 ? text.length : next
      at = addText(at, end)
      continue
    }
    if (text.startsWith('<!--', at)) at = addComment(at)
    else if (text.startsWith('<![CDATA[', at)) at = addCdata(at)
    else if (text.startsWith('<!', at)) at = refuseDoctype(at)
    else if (text.startsWith('<?', at)) at = addInstruction(at)
    else if (text.startsWith('</', at)) at = addEndTag(at)
    else {
      const end = addStartTag(at)
      if (end === undefined) break
      at = end
    }
  }
  while (stack.length > 0) {
    const open = stack.pop()
    if (open === undefined) break
    say('NWF101', open.node.nameSpan.start, open.node.nameSpan.end, `<${open.node.name}> is never closed.`)
    close(open, text.length, text.length)
  }
  if (!rootSeen && diagnostics.length === 0) say('NWF111', 0, text.length, 'The document has no root element.')
  return { value: { kind: 'document', text, nodes, root }, diagnostics }

  function addText(start: number, end: number): number {
    const raw = text.slice(start, end)
    const forbidden = findForbidden(raw)
    if (forbidden !== -1) say('NWF107', start + forbidden, start + forbidden + 1, describeForbidden(raw, forbidden))
    if (stack.length === 0) {
      const first = raw.search(/[^ \t\r\n]/)
      if (first !== -1) say('NWF112', start + first, end, 'Text may not stand outside the root element.')
    } else {
      const ending = raw.indexOf(']]>')
      if (ending !== -1) say('NWF107', start + ending, start + ending + 3, 'The sequence ]]> is not allowed in text.')
    }
    const problems: ReferenceProblem[] = []
    const value = resolveReferences(raw.replace(/\r\n?/g, '\n'), start, problems)
    if (stack.length > 0) sayReferences(problems)
    add({ kind: 'text', value, span: { start, end } })
    return end
  }

  function addComment(start: number): number {
    const end = text.indexOf('-->', start + 4)
    if (end === -1) {
      say('NWF101', start, start + 4, 'The comment is never closed.')
      return refuse(start, text.length)
    }
    const body = text.slice(start + 4, end)
    const hyphens = body.indexOf('--')
    if (hyphens !== -1)
      say('NWF107', start + 4 + hyphens, start + 6 + hyphens, 'Two hyphens may not stand inside a comment.')
    else if (body.endsWith('-')) say('NWF107', end - 1, end, 'A comment may not end with a hyphen.')
    const forbidden = findForbidden(body)
    if (forbidden !== -1)
      say('NWF107', start + 4 + forbidden, start + 5 + forbidden, describeForbidden(body, forbidden))
    add({ kind: 'comment', span: { start, end: end + 3 } })
    return end + 3
  }

  function addCdata(start: number): number {
    const end = text.indexOf(']]>', start)
    if (end === -1 || stack.length === 0) {
      say(
        end === -1 ? 'NWF101' : 'NWF112',
        start,
        start + 9,
        end === -1 ? 'The CDATA section is never closed.' : 'CDATA may not stand outside the root element.',
      )
      return refuse(start, end === -1 ? text.length : end + 3)
    }
    const value = text.slice(start + 9, end)
    const forbidden = findForbidden(value)
    if (forbidden !== -1)
      say('NWF107', start + 9 + forbidden, start + 10 + forbidden, describeForbidden(value, forbidden))
    add({ kind: 'cdata', value, span: { start, end: end + 3 } })
    return end + 3
  }

  function refuseDoctype(start: number): number {
    let depth = 0
    let end = start + 2
    for (; end < text.length; end += 1) {
      const c = text[end]
      if (c === '[') depth += 1
      else if (c === ']') depth -= 1
      else if (c === '>' && depth <= 0) break
    }
    end = Math.min(end + 1, text.length)
    if (text.startsWith('<!DOCTYPE', start))
      say('NWF105', start, end, 'A document type is not accepted: remove the <!DOCTYPE …>.')
    else
      say(
        'NWF100',
        start,
        Math.min(start + 2, text.length),
        'This markup is not known: after <! only a comment or CDATA may follow.',
      )
    return refuse(start, end)
  }

  function addInstruction(start: number): number {
    const found = text.indexOf('?>', start)
    const end = found === -1 ? text.length : found + 2
    const body = text.slice(start, end)
    if (found === -1) say('NWF101', start, start + 2, 'The instruction is never closed.')
    else if (/^<\?xml[ \t\r\n?]/.test(body)) checkDeclaration(start, end, body)
    else say('NWF108', start, end, 'Processing instructions are not accepted: remove this one.')
    add({ kind: 'declaration', span: { start, end } })
    return end
  }

  function checkDeclaration(start: number, end: number, body: string): void {
    const parts =
      /^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*(['"])1\.\d+\1([ \t\r\n]+encoding[ \t\r\n]*=[ \t\r\n]*(['"])([A-Za-z][\w.-]*)\3)?([ \t\r\n]+standalone[ \t\r\n]*=[ \t\r\n]*(['"])(yes|no)\6)?[ \t\r\n]*\?>$/.exec(
        body,
      )
    if (start !== firstByte) say('NWF100', start, end, 'The XML declaration may stand only at the very beginning.')
    else if (parts === null) say('NWF100', start, end, 'The XML declaration is written wrongly.')
    else if (parts[4] !== undefined && !/^(utf-?8|us-ascii|ascii)$/i.test(parts[4]))
      say('NWF113', start, end, `The encoding ${parts[4]} is not accepted: use UTF-8.`)
  }

  function addEndTag(start: number): number {
    const match = /<\/([^\s<>/]*)[ \t\r\n]*(>?)/y
    match.lastIndex = start
    const found = match.exec(text)
    const name = found?.[1] ?? ''
    const end = start + (found?.[0].length ?? 2)
    if (found?.[2] !== '>') say('NWF102', start, end, `The end tag </${name}> is not closed with >.`)
    const depth = stack.findLastIndex((open) => open.node.name === name)
    if (depth === -1) {
      say(
        'NWF102',
        start,
        end,
        stack.length === 0 ? `</${name}> closes nothing.` : `</${name}> does not close <${stack.at(-1)?.node.name}>.`,
      )
      return refuse(start, end)
    }
    while (stack.length - 1 > depth) {
      const open = stack.pop()
      if (open === undefined) break
      say(
        'NWF101',
        open.node.nameSpan.start,
        open.node.nameSpan.end,
        `<${open.node.name}> is not closed before </${name}>.`,
      )
      close(open, start, start)
    }
    const open = stack.pop()
    if (open !== undefined) close(open, start, end)
    return end
  }

  function addStartTag(start: number): number | undefined {
    const tag = scanStartTag(text, start, say, sayReferences)
    if (tag === undefined) return refuse(start, start + 1)
    if (stack.length === 0) {
      if (rootSeen)
        say('NWF112', tag.nameSpan.start, tag.nameSpan.end, `A second root element <${tag.name}> is not allowed.`)
      rootSeen = true
    }
    const { end, selfClosing, ...rest } = tag
    const open: OpenElement = { node: { kind: 'element', ...rest, openSpan: { start, end } }, children: [] }
    if (stack.length >= MAX_DEPTH) {
      say('NWF110', tag.nameSpan.start, tag.nameSpan.end, `More than ${MAX_DEPTH} levels are not accepted.`)
      refuse(start, text.length)
      return undefined
    }
    if (selfClosing) close(open, end, end)
    else stack.push(open)
    return end
  }

  function refuse(start: number, end: number): number {
    add({ kind: 'refused', span: { start, end } })
    return end
  }
}

/** The first code unit that XML 1.0 forbids, or -1. Lone surrogates count: they are no characters. */
function findForbidden(raw: string): number {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the very characters to find
  const control = raw.search(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/)
  return control !== -1 || raw.isWellFormed()
    ? control
    : raw.search(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/)
}

function describeForbidden(raw: string, at: number): string {
  return `The character U+${raw.charCodeAt(at).toString(16).toUpperCase().padStart(4, '0')} is not allowed in XML.`
}
