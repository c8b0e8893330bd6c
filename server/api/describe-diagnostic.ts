import { type Diagnostic, positionAt } from '#engine'

/** A diagnostic as screens show it: with lines and columns of its own source, both from 1. */
export type ProblemView = {
  readonly severity: Diagnostic['severity']
  readonly code: string
  readonly message: string
  readonly source: string
  readonly line: number
  readonly column: number
}

export function describeDiagnostic({ severity, code, message, source, span }: Diagnostic, text: string): ProblemView {
  return { severity, code, message, source, ...positionAt(text, span.start) }
}
