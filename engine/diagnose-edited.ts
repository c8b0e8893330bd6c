import { missingReferences } from './checks/missing-references.ts'
import { referenceLoops } from './checks/reference-loops.ts'
import { checkRule } from './checks/rule-checks.ts'
import { besideSyntax } from './diagnostics/beside-syntax.ts'
import type { Diagnostic, Source } from './diagnostics/diagnostic.ts'
import { mergeDiagnostics } from './diagnostics/merge-diagnostics.ts'
import { shiftDiagnostic, shiftSpan } from './diagnostics/shift.ts'
import type { Dialect } from './dialects/dialect.ts'
import { judge } from './dialects/judge.ts'
import { findEdit } from './find-edit.ts'
import { decodeEntry } from './nwfilter/decode-entry.ts'
import { decodeHeader } from './nwfilter/decode-header.ts'
import type { Filter, FilterRef } from './nwfilter/filter.ts'
import type { XmlElement } from './xml/document.ts'
import { parseDocument } from './xml/parse-document.ts'

/** One child element of the filter where it stands now, and what was found in it where it stood when it was read. */
type Piece = {
  readonly start: number
  readonly end: number
  readonly readAt: number
  readonly reference: FilterRef | undefined
  /** Only rules and references are read alone; anything else may mean something for the whole filter. */
  readonly isEntry: boolean
  readonly diagnostics: readonly Diagnostic[]
}

/** What an editor shows about a text, and what the next version of it can take over. */
export type Diagnosis = {
  readonly text: string
  readonly source: Source
  readonly dialect: Dialect
  readonly diagnostics: readonly Diagnostic[]
  /** Undefined where the text is not well-formed, or no filter. */
  readonly read:
    | { readonly header: Filter; readonly headerDiagnostics: readonly Diagnostic[]; readonly pieces: readonly Piece[] }
    | undefined
}

type Input = {
  readonly text: string
  readonly source: Source
  /** The other filters by name. */
  readonly others: ReadonlyMap<string, Filter>
  readonly dialect: Dialect
}

/**
 * Everything an editor shows about a filter text that was edited: when the edit lies inside one rule or reference of the
 * `previous` text, that one is read anew and nothing else. Findings of an entry are told even where another has errors.
 */
export function diagnoseEdited(input: Input, previous?: Diagnosis): Diagnosis {
  const isSame = previous?.source === input.source && previous.dialect === input.dialect
  const read = (isSame && previous !== undefined ? readEdited(input, previous) : undefined) ?? readWhole(input)
  const { text, source, dialect } = input
  if (!('pieces' in read)) return { text, source, dialect, diagnostics: read.diagnostics, read: undefined }
  return { text, source, dialect, diagnostics: tell(read, input), read }
}

function readWhole({ text, source, dialect }: Input): NonNullable<Diagnosis['read']> | Pick<Diagnosis, 'diagnostics'> {
  const parsed = parseDocument(text, source)
  const diagnostics: Diagnostic[] = []
  const context = { source, dialect, diagnostics }
  const root = parsed.value?.root
  const header = root && decodeHeader(root, context)
  const elements = root?.name === 'filter' ? root.children.filter((child) => child.kind === 'element') : []
  if (header === undefined || parsed.diagnostics.length > 0) {
    for (const element of elements) decodeEntry(element, context)
    return { diagnostics: mergeDiagnostics(besideSyntax(text, parsed.diagnostics, diagnostics)) }
  }
  const filter = { ...header, entries: [] }
  const pieces = elements.map((element) => readPiece(element, filter, element.span.start))
  return { header: filter, headerDiagnostics: diagnostics, pieces }
}

/** Reads the one entry that the edit lies in; undefined where it lies anywhere else. */
function readEdited({ text, source }: Input, { text: before, read }: Diagnosis): Diagnosis['read'] {
  if (read === undefined) return undefined
  const edit = findEdit(before, text)
  const at = read.pieces.findIndex(({ start, end }) => edit.start > start && edit.endBefore < end)
  const old = read.pieces[at]
  if (old === undefined || !old.isEntry) return undefined
  // What is told about the filter itself behind the entry would have to move.
  if (read.headerDiagnostics.some(({ span }) => span.end > old.start)) return undefined
  const growth = text.length - before.length
  const alone = text.slice(old.start, old.end + growth)
  const parsed = parseDocument(alone, source)
  const root = parsed.value?.root
  if (root === undefined || parsed.diagnostics.length > 0 || parsed.value?.nodes.length !== 1) return undefined
  const piece = { ...readPiece(root, read.header, 0), start: old.start, end: old.end + growth }
  if (!piece.isEntry) return undefined
  const pieces = read.pieces.map((other, index) => {
    if (index < at) return other
    return index === at ? piece : { ...other, start: other.start + growth, end: other.end + growth }
  })
  return { ...read, pieces }
}

function readPiece(element: XmlElement, header: Filter, readAt: number): Piece {
  const diagnostics: Diagnostic[] = []
  const entry = decodeEntry(element, { source: header.source, dialect: header.dialect, diagnostics })
  const isRule = typeof entry === 'object' && entry.kind === 'rule'
  if (isRule) diagnostics.push(...judge(checkRule(entry, header), header.dialect))
  return {
    start: element.span.start,
    end: element.span.end,
    readAt,
    reference: typeof entry === 'object' && entry.kind === 'filterref' ? entry : undefined,
    isEntry: element.name === 'rule' || element.name === 'filterref',
    diagnostics,
  }
}

function tell(
  { header, headerDiagnostics, pieces }: NonNullable<Diagnosis['read']>,
  { others }: Input,
): readonly Diagnostic[] {
  const found = [...headerDiagnostics]
  const references: FilterRef[] = []
  for (const { start, readAt, reference, diagnostics } of pieces) {
    const by = start - readAt
    for (const diagnostic of diagnostics) found.push(by === 0 ? diagnostic : shiftDiagnostic(diagnostic, by, header))
    if (reference !== undefined)
      references.push(by === 0 ? reference : { ...reference, filterSpan: shiftSpan(reference.filterSpan, by) })
  }
  const filter = { ...header, entries: references }
  const neighbours = others.has(filter.name) ? new Map([...others].filter(([name]) => name !== filter.name)) : others
  const between = [referenceLoops, missingReferences].flatMap((check) => check(filter, neighbours))
  return mergeDiagnostics([...found, ...judge(between, header.dialect)])
}
