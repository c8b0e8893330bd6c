import type { Diagnostic, Fix, Source } from '../diagnostics/diagnostic.ts'
import type { DiagnosticCode } from '../diagnostics/registry.ts'
import { report } from '../diagnostics/report.ts'
import type { Span } from '../diagnostics/span.ts'
import type { XmlElement, XmlNode } from './document.ts'
import { replacement } from './fix-tags.ts'
import type { ReferenceProblem } from './resolve-references.ts'

/** Enough to see what is wrong; a broken text of megabytes must not make megabytes of messages. */
const MAX_DIAGNOSTICS = 200

/** An element whose end tag was not met yet: what lies behind its start tag is filled in when it is closed. */
export type OpenElement = Omit<XmlElement, 'children' | 'closeSpan' | 'span'> & {
  readonly children: XmlNode[]
  closeSpan: Span
  span: Span
}

/** Takes what is wrong from `start` to `end`, and how to mend it; a function is asked only where the finding is kept. */
export type Say = (
  code: DiagnosticCode,
  start: number,
  end: number,
  message: string,
  fixes?: readonly Fix[] | (() => readonly Fix[]),
) => void

/** A parse under way: the only mutable thing of this stage, and it never leaves it. Offsets are UTF-16 code units. */
export type Reading = {
  readonly text: string
  /** Where the document begins: behind a byte order mark. */
  readonly firstByte: number
  readonly nodes: XmlNode[]
  readonly stack: OpenElement[]
  /** Elements whose start tag is broken, and told to be: that nothing closes them is no news. */
  readonly broken: Set<OpenElement>
  readonly diagnostics: Diagnostic[]
  readonly say: Say
  /** The same for references inside values and text. */
  readonly sayReferences: (problems: readonly ReferenceProblem[]) => void
  root: XmlElement | undefined
  rootSeen: boolean
  /** Reading stopped, or something that is never closed swallowed the rest: what is open then is no news. */
  isCutShort: boolean
}

/** A parse that has not begun; a byte order mark is passed over. */
export function startReading(text: string, source: Source): Reading {
  const diagnostics: Diagnostic[] = []
  const firstByte = text.charCodeAt(0) === 0xfeff ? 1 : 0
  const say: Say = (code, start, end, message, fixes = []) => {
    if (diagnostics.length >= MAX_DIAGNOSTICS) return
    const known = typeof fixes === 'function' ? fixes() : fixes
    diagnostics.push(report(code, source, { start, end }, message, { fixes: known }))
  }
  return {
    text,
    firstByte,
    nodes: firstByte === 1 ? [{ kind: 'declaration', span: { start: 0, end: 1 } }] : [],
    stack: [],
    broken: new Set(),
    diagnostics,
    say,
    sayReferences: (problems) => sayReferences(say, problems),
    root: undefined,
    rootSeen: false,
    isCutShort: false,
  }
}

/** Puts a node where the reading stands. */
export function add({ nodes, stack }: Reading, node: XmlNode): void {
  const parent = stack.at(-1)
  ;(parent === undefined ? nodes : parent.children).push(node)
}

/** Finishes an element that was taken off the stack; start and end are those of its end tag. */
export function close(reading: Reading, element: OpenElement, start: number, end: number): void {
  element.closeSpan = { start, end }
  element.span = { start: element.openSpan.start, end }
  add(reading, element)
  if (reading.stack.length === 0) reading.root ??= element
}

/** Keeps the place of bytes that carry nothing. Where to go on. */
export function refuse(reading: Reading, start: number, end: number): number {
  add(reading, { kind: 'refused', span: { start, end } })
  return end
}

/** Tells what is wrong with references: NWF106 for entities, NWF107 for characters. */
function sayReferences(say: Say, problems: readonly ReferenceProblem[]): void {
  for (const { kind, name, span } of problems) {
    const { start, end } = span
    if (kind === 'unknown-entity')
      say(
        'NWF106',
        start,
        end,
        `The entity &${name}; is not one of the five that XML knows.`,
        replacement(start, end, `&amp;${name};`),
      )
    else if (kind === 'bad-character')
      say('NWF107', start, end, `${name} is no character that XML allows.`, replacement(start, end, ''))
    else say('NWF106', start, end, 'A bare & must be written &amp;.', replacement(start, end, '&amp;'))
  }
}
