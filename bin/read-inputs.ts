import { type Binding, type Diagnostic, type Filter, parseBinding, parseDocument, parseFilter, report } from '#engine'
import type { SourceText } from './read-sources.ts'

/** A text, read by what its root element says. */
export type Input = {
  readonly source: string
  readonly text: string
  readonly diagnostics: readonly Diagnostic[]
  readonly filter: Filter | undefined
  readonly binding: Binding | undefined
}

/** Reads a filter or a binding; `source` names it in diagnostics. */
export function readInput(text: string, source: string): Input {
  const root = parseDocument(text, source).value?.root
  const nothing = { source, text, filter: undefined, binding: undefined }
  if (root?.name === 'filterbinding') {
    const { value, diagnostics } = parseBinding(text, source)
    return { ...nothing, diagnostics, binding: value }
  }
  if (root?.name === 'network' || root?.name === 'domain') {
    const message = `<${root.name}> is not read by this version of Sluice; a filter or a binding is.`
    return { ...nothing, diagnostics: [report('NWF120', source, root.nameSpan, message)] }
  }
  const { value, diagnostics } = parseFilter(text, source)
  return { ...nothing, diagnostics, filter: value }
}

export function readInputs(sources: readonly SourceText[]): readonly Input[] {
  return sources.map(({ file, text, problem }) => {
    if (problem === undefined) return readInput(text, file)
    return { source: file, text, diagnostics: [problem], filter: undefined, binding: undefined }
  })
}
