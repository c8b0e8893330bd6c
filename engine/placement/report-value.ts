import type { Diagnostic, RelatedPlace } from '../diagnostics/diagnostic.ts'
import type { DiagnosticCode } from '../diagnostics/registry.ts'
import { report } from '../diagnostics/report.ts'
import type { Span } from '../diagnostics/span.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { ValueSource } from '../instantiate/rule-instance.ts'
import type { Binding } from '../nwfilter/binding.ts'
import type { Parameters } from '../nwfilter/filter.ts'
import type { Hole } from './operand.ts'

/** A binding, its parameters as its filters see them, and the dialect it is compiled in. */
export type BindingValues = {
  readonly binding: Binding
  readonly parameters: Parameters
  readonly dialect: Dialect
}

/**
 * Tells what is wrong with the value of a slot where it has to change: in the binding, when it is written there, else at the
 * variable in the filter. The other of the two is the related place.
 */
export function reportValue(
  code: DiagnosticCode,
  { source, place }: Pick<Hole, 'source' | 'place'>,
  binding: Binding,
  message: string,
  severity: Diagnostic['severity'],
): Diagnostic {
  const written = spanOf(source, binding)
  if (source.kind === 'text' || written === undefined) {
    const related = [{ source: binding.source, span: binding.filterSpan, message: `${binding.portDevice} uses it` }]
    return report(code, place.source, place.span, message, { severity, related })
  }
  const variable: RelatedPlace = {
    source: place.source,
    span: place.span,
    message: `${place.filter} uses $${source.name} here`,
  }
  return report(code, binding.source, written, message, { severity, related: [variable] })
}

/** Where the text of a binding gives a value. */
function spanOf(source: ValueSource, { parameterValueSpans }: Binding): Span | undefined {
  return source.kind === 'text' ? undefined : parameterValueSpans?.get(source.name)?.[source.index]
}
