import type { Diagnostic } from './diagnostic.ts'

/** Codes that name one cause from two layers: what the second says is the graver, and the first is left out beside it. */
const SAME_CAUSE: Readonly<Record<string, string>> = { NWF201: 'NWF202' }
const GRAVITY = { error: 2, warning: 1, info: 0 } as const

/** Findings of several layers, each cause once: of one code at one place the gravest stays, in the order of first mention. */
export function mergeDiagnostics(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const kept = new Map<string, Diagnostic>()
  for (const diagnostic of diagnostics) {
    const key = keyOf(SAME_CAUSE[diagnostic.code] ?? diagnostic.code, diagnostic)
    const before = kept.get(key)
    if (before === undefined || GRAVITY[diagnostic.severity] > GRAVITY[before.severity]) kept.set(key, diagnostic)
  }
  return [...kept.values()]
}

function keyOf(code: string, { source, span, message }: Diagnostic): string {
  // Two variables missing at one place are two findings; a reference is missing once, whatever is said about it.
  return `${code} ${source} ${span.start} ${span.end} ${code === 'NWF319' || code === 'NWF307' ? message : ''}`
}
