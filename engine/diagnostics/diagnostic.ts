import type { DiagnosticCode } from './registry.ts'
import type { Span } from './span.ts'

/** Which text a span belongs to: `filter:NAME`, `binding:PORTDEV`, or a file's path. */
export type Source = string

/** A text edit that mends the cause of a diagnostic, in the diagnostic's own source. */
export type Fix = { readonly title: string; readonly span: Span; readonly text: string }

/** Another place that takes part in the problem. */
export type RelatedPlace = { readonly source: Source; readonly span: Span; readonly message: string }

/**
 * One finding about an input. `code` is stable (`NWF1xx` syntax, `2xx` references, `3xx` semantics); `span` is the smallest
 * range that has to change. `error` stands in the way of installing, `warning` and `info` do not.
 */
export type Diagnostic = {
  readonly severity: 'error' | 'warning' | 'info'
  readonly code: DiagnosticCode
  readonly message: string
  readonly source: Source
  readonly span: Span
  readonly related: readonly RelatedPlace[]
  readonly fixes: readonly Fix[]
}

/** What every stage returns: a value where one could be made, and everything there is to say about the input. */
export type Staged<T> = { readonly value: T | undefined; readonly diagnostics: readonly Diagnostic[] }
