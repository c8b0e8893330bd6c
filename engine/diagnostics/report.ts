import type { Diagnostic, Fix, RelatedPlace, Source } from './diagnostic.ts'
import { type DiagnosticCode, registry } from './registry.ts'
import type { Span } from './span.ts'

type Extras = {
  readonly severity?: Diagnostic['severity']
  readonly related?: readonly RelatedPlace[]
  readonly fixes?: readonly Fix[]
}

/** Makes a diagnostic; its severity is the registry's unless the caller knows better. */
export function report(
  code: DiagnosticCode,
  source: Source,
  span: Span,
  message: string,
  extras: Extras = {},
): Diagnostic {
  return {
    severity: extras.severity ?? registry[code].severity,
    code,
    message,
    source,
    span,
    related: extras.related ?? [],
    fixes: extras.fixes ?? [],
  }
}

/** One of the findings stands in the way of installing. */
export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some((diagnostic) => diagnostic.severity === 'error')
}
