import { diagnoseParsed } from './diagnose-filter.ts'
import type { Diagnostic } from './diagnostics/diagnostic.ts'
import { mergeDiagnostics } from './diagnostics/merge-diagnostics.ts'
import { report } from './diagnostics/report.ts'
import type { Span } from './diagnostics/span.ts'
import { checkInterfaces } from './network/check-interfaces.ts'
import type { Binding } from './nwfilter/binding.ts'
import type { Filter } from './nwfilter/filter.ts'
import type { ReadText } from './read-text.ts'

/** Texts that belong together, as a folder or a request gives them. */
export type Workspace = {
  readonly texts: readonly ReadText[]
  /** Every filter by name, given ones in the place of built-in ones. */
  readonly filters: ReadonlyMap<string, Filter>
  /** Names of filters that were given and refused. */
  readonly refused: ReadonlySet<string>
  /** Every binding, those of domains included, in the order given. */
  readonly bindings: readonly Binding[]
  /** Everything found in the texts themselves and between them, in the order of the texts. */
  readonly diagnostics: readonly Diagnostic[]
}

/** Puts texts together: what each says about itself, and names, UUIDs and port devices that two of them claim. */
export function openWorkspace(texts: readonly ReadText[], builtins: ReadonlyMap<string, Filter>): Workspace {
  const filters = new Map(builtins)
  const refused = new Set<string>()
  for (const { filter, name } of texts) {
    if (filter !== undefined) filters.set(filter.name, filter)
    else if (name !== undefined) {
      // What the text was meant to replace would be a surprise in its place.
      refused.add(name)
      filters.delete(name)
    }
  }
  const bindings = texts.flatMap(bindingsOf)
  const found = texts.flatMap((text) => diagnoseText(text, filters, texts))
  const merged = mergeDiagnostics([...found, ...sayTwice(texts), ...saySameDevice(bindings)])
  return { texts, filters, refused, bindings, diagnostics: explainRefused(merged, { texts, refused }) }
}

function bindingsOf({ binding, domain }: ReadText): readonly Binding[] {
  if (binding !== undefined) return [binding]
  return (domain?.interfaces ?? []).flatMap((one) => one.binding ?? [])
}

function diagnoseText(
  { filter, domain, diagnostics }: ReadText,
  filters: ReadonlyMap<string, Filter>,
  texts: readonly ReadText[],
): readonly Diagnostic[] {
  if (filter !== undefined) return diagnoseParsed({ value: filter, diagnostics }, filters)
  if (domain === undefined) return diagnostics
  const networks = new Map(texts.flatMap(({ network }) => (network === undefined ? [] : [[network.name, network]])))
  return [...diagnostics, ...checkInterfaces(domain, networks)]
}

/** Two filters of one name, or of one UUID. */
function sayTwice(texts: readonly ReadText[]): readonly Diagnostic[] {
  const byName = new Map<string, Filter>()
  const byUuid = new Map<string, Filter>()
  return texts.flatMap(({ filter }) => {
    if (filter === undefined) return []
    const { source, nameSpan } = filter
    const namesake = byName.get(filter.name)
    byName.set(filter.name, namesake ?? filter)
    if (namesake !== undefined) {
      const related = [{ source: namesake.source, span: namesake.nameSpan, message: 'the other one' }]
      return [report('NWF205', source, nameSpan, `Two filters have the name ${filter.name}.`, { related })]
    }
    if (filter.uuid === undefined) return []
    const twin = byUuid.get(filter.uuid)
    byUuid.set(filter.uuid, twin ?? filter)
    if (twin === undefined) return []
    const related = [{ source: twin.source, span: twin.nameSpan, message: `${twin.name} has this UUID` }]
    const message = `filter with same UUID but different name ('${twin.name}') already exists`
    return [report('NWF207', source, filter.uuidSpan ?? nameSpan, message, { related })]
  })
}

function saySameDevice(bindings: readonly Binding[]): readonly Diagnostic[] {
  const first = new Map<string, Binding>()
  return bindings.flatMap((binding) => {
    const other = first.get(binding.portDevice)
    first.set(binding.portDevice, other ?? binding)
    if (other === undefined) return []
    const related = [
      { source: other.source, span: other.portDeviceSpan ?? other.filterSpan, message: 'the first binding' },
    ]
    const message = `binding '${binding.portDevice}' already exists`
    return [report('NWF206', binding.source, binding.portDeviceSpan ?? binding.filterSpan, message, { related })]
  })
}

/** A reference to a filter that is there but was refused is no reference to nothing: its own errors are told already. */
export function explainRefused(
  diagnostics: readonly Diagnostic[],
  { texts, refused }: Pick<Workspace, 'texts' | 'refused'>,
): readonly Diagnostic[] {
  if (refused.size === 0) return diagnostics
  const bySource = new Map(texts.map((text) => [text.source, text.text]))
  const written = (source: string, { start, end }: Span) => bySource.get(source)?.slice(start, end) ?? ''
  return diagnostics.flatMap((diagnostic) => {
    if (diagnostic.code !== 'NWF201' && diagnostic.code !== 'NWF202') return [diagnostic]
    const name = written(diagnostic.source, diagnostic.span)
    if (!refused.has(name)) return [diagnostic]
    if (diagnostic.code === 'NWF201') return []
    return [
      report(
        'NWF203',
        diagnostic.source,
        diagnostic.span,
        `The filter ${name} has errors, so nothing that includes it can be installed.`,
      ),
    ]
  })
}
