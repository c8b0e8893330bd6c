import { besideSyntax } from './diagnostics/beside-syntax.ts'
import type { Source, Staged } from './diagnostics/diagnostic.ts'
import { hasErrors } from './diagnostics/report.ts'
import type { Dialect } from './dialects/dialect.ts'
import { decodeNetwork } from './network/decode-network.ts'
import type { Network } from './network/network.ts'
import type { Binding } from './nwfilter/binding.ts'
import { decodeBinding } from './nwfilter/decode-binding.ts'
import { decodeDomain } from './nwfilter/decode-domain.ts'
import { decodeFilter } from './nwfilter/decode-filter.ts'
import type { Domain } from './nwfilter/domain.ts'
import type { Filter } from './nwfilter/filter.ts'
import type { XmlDocument } from './xml/document.ts'
import { parseDocument } from './xml/parse-document.ts'

/** Text → filter; the value is undefined where the dialect refuses the definition, with an error. Spec 1. */
export function parseFilter(text: string, source: Source, dialect: Dialect = 'libvirt'): Staged<Filter> {
  return decodeText(text, source, dialect, decodeFilter)
}

/** Text → domain, with the bindings libvirt would make; the value is undefined where there is an error. Spec 8.5. */
export function parseDomain(text: string, source: Source, dialect: Dialect = 'libvirt'): Staged<Domain> {
  return decodeText(text, source, dialect, decodeDomain)
}

/** Text → network, as far as bindings need it; the value is undefined where there is an error. */
export function parseNetwork(text: string, source: Source, dialect: Dialect = 'libvirt'): Staged<Network> {
  return decodeText(text, source, dialect, decodeNetwork)
}

/** Text → binding; the value is undefined where the dialect refuses it, with an error. Spec 8.4. */
export function parseBinding(text: string, source: Source, dialect: Dialect = 'libvirt'): Staged<Binding> {
  return decodeText(text, source, dialect, decodeBinding)
}

function decodeText<T>(
  text: string,
  source: Source,
  dialect: Dialect,
  decode: (document: XmlDocument, source: Source, dialect: Dialect) => Staged<T>,
): Staged<T> {
  const parsed = parseDocument(text, source)
  if (parsed.value === undefined) return { value: undefined, diagnostics: parsed.diagnostics }
  const decoded = decode(parsed.value, source, dialect)
  // A text that is not well-formed may look complete only because the parser read on.
  const value = hasErrors(parsed.diagnostics) ? undefined : decoded.value
  return { value, diagnostics: besideSyntax(text, parsed.diagnostics, decoded.diagnostics) }
}
