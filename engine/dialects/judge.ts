import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { Dialect } from './dialect.ts'
import { severityIn } from './severity-in.ts'

/** Findings as the dialect sees them: refused quirks become errors, corrected ones vanish. Errors stay errors. */
export function judge(diagnostics: readonly Diagnostic[], dialect: Dialect): readonly Diagnostic[] {
  if (dialect === 'libvirt') return diagnostics
  return diagnostics.flatMap((diagnostic) => {
    const severity = severityIn(dialect, diagnostic.code)
    if (severity === undefined) return []
    return [diagnostic.severity === 'error' ? diagnostic : { ...diagnostic, severity }]
  })
}
