import type { Diagnostic, Source, Staged } from '../diagnostics/diagnostic.ts'
import { hasErrors } from '../diagnostics/report.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { XmlDocument } from '../xml/document.ts'
import { decodeEntry } from './decode-entry.ts'
import { decodeHeader } from './decode-header.ts'
import type { Filter, FilterRef, Rule } from './filter.ts'

/**
 * Reads a document as `<filter>`. The value is undefined exactly where the dialect refuses the definition, with an error.
 * Spec 1.
 */
export function decodeFilter(document: XmlDocument, source: Source, dialect: Dialect = 'libvirt'): Staged<Filter> {
  const diagnostics: Diagnostic[] = []
  const context = { source, dialect, diagnostics }
  const root = document.root
  if (root === undefined) return { value: undefined, diagnostics }
  const header = decodeHeader(root, context)
  if (root.name !== 'filter') return { value: undefined, diagnostics }
  const entries: (Rule | FilterRef)[] = []
  for (const child of root.children) {
    const entry = child.kind === 'element' ? decodeEntry(child, context) : 'skip'
    if (entry !== undefined && entry !== 'skip') entries.push(entry)
  }
  // An entry that libvirt refuses is told as an error.
  if (header === undefined || hasErrors(diagnostics)) return { value: undefined, diagnostics }
  return { value: { ...header, entries }, diagnostics }
}
