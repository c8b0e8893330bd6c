import { allChecks } from './checks/all-checks.ts'
import type { Diagnostic, Source, Staged } from './diagnostics/diagnostic.ts'
import type { Binding } from './nwfilter/binding.ts'
import { decodeBinding } from './nwfilter/decode-binding.ts'
import { decodeFilter } from './nwfilter/decode-filter.ts'
import type { Filter } from './nwfilter/filter.ts'
import type { XmlDocument } from './xml/document.ts'
import { parseDocument } from './xml/parse-document.ts'

/** Text → filter; the value is undefined where libvirt refuses the definition. */
export function parseFilter(text: string, source: Source): Staged<Filter> {
  return decodeText(text, source, decodeFilter)
}

/** Text → binding; the value is undefined where libvirt refuses it. */
export function parseBinding(text: string, source: Source): Staged<Binding> {
  return decodeText(text, source, decodeBinding)
}

function decodeText<T>(
  text: string,
  source: Source,
  decode: (document: XmlDocument, source: Source) => Staged<T>,
): Staged<T> {
  const parsed = parseDocument(text, source)
  if (parsed.value === undefined) return { value: undefined, diagnostics: parsed.diagnostics }
  const decoded = decode(parsed.value, source)
  // A text that is not well-formed may look complete only because the parser read on.
  const value = parsed.diagnostics.length > 0 ? undefined : decoded.value
  return { value, diagnostics: [...parsed.diagnostics, ...decoded.diagnostics] }
}

/** Everything an editor shows about a filter text: syntax, semantics, references, loops. `others` are the other filters by name. */
export function diagnoseFilter(
  text: string,
  source: Source,
  others: ReadonlyMap<string, Filter>,
): readonly Diagnostic[] {
  const { value, diagnostics } = parseFilter(text, source)
  if (value === undefined) return diagnostics
  const neighbours = others.has(value.name) ? new Map([...others].filter(([name]) => name !== value.name)) : others
  return [...diagnostics, ...allChecks.flatMap((check) => check(value, neighbours))]
}
