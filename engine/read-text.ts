import { besideSyntax } from './diagnostics/beside-syntax.ts'
import type { Diagnostic, Source, Staged } from './diagnostics/diagnostic.ts'
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
import { attributeValue, childElement } from './xml/access.ts'
import type { XmlDocument, XmlElement } from './xml/document.ts'
import { parseDocument } from './xml/parse-document.ts'

/** A text read by what its root element says. Only one of the values is set, and none where there are errors. */
export type ReadText = {
  readonly source: Source
  readonly text: string
  readonly diagnostics: readonly Diagnostic[]
  /** The filter's name also where it was refused. */
  readonly name: string | undefined
  readonly filter?: Filter
  readonly binding?: Binding
  readonly domain?: Domain
  readonly network?: Network
}

const KINDS = ['filter', 'filterbinding', 'domain', 'network'] as const
type Kind = (typeof KINDS)[number]
type Options = {
  readonly dialect: Dialect
  /** What is expected where the root element is none of the four. */
  readonly expected?: Kind
  /** Gives the source of a text that names itself; `name` is undefined where it does not. */
  readonly sourceOf: (kind: Kind, name: string | undefined) => Source
}

/** Reads a filter, binding, domain or network; anything else is told to be no filter, or none of what is expected. */
export function readText(text: string, { dialect, expected, sourceOf }: Options): ReadText {
  // A source is known only when the text was read once: places do not depend on it.
  const parsed = parseDocument(text, '')
  const root = parsed.value?.root
  const kind = expected ?? KINDS.find((known) => known === root?.name) ?? 'filter'
  const name = nameOf(kind, root)
  const source = sourceOf(kind, name)
  const told = parsed.diagnostics.map((diagnostic) => ({ ...diagnostic, source }))
  if (parsed.value === undefined) return { source, text, diagnostics: told, name }
  const { value, diagnostics } = decode(parsed.value, kind, source, dialect)
  const all = besideSyntax(text, told, diagnostics)
  return { source, text, diagnostics: all, name, ...(hasErrors(all) ? {} : value) }
}

function decode(
  document: XmlDocument,
  kind: Kind,
  source: Source,
  dialect: Dialect,
): Staged<Pick<ReadText, 'filter' | 'binding' | 'domain' | 'network'>> {
  const under = <Key extends string, T>(key: Key, { value, diagnostics }: Staged<T>) => ({
    value: value === undefined ? undefined : ({ [key]: value } as Record<Key, T>),
    diagnostics,
  })
  switch (kind) {
    case 'filter':
      return under('filter', decodeFilter(document, source, dialect))
    case 'filterbinding':
      return under('binding', decodeBinding(document, source, dialect))
    case 'domain':
      return under('domain', decodeDomain(document, source, dialect))
    case 'network':
      return under('network', decodeNetwork(document, source, dialect))
  }
}

function nameOf(kind: Kind, root: XmlElement | undefined): string | undefined {
  const name = kind === 'filter' ? attributeValue(root, 'name') : attributeValue(childElement(root, 'portdev'), 'name')
  return name === '' ? undefined : name
}
