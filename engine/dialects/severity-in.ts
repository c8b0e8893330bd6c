import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { type DiagnosticCode, registry } from '../diagnostics/registry.ts'
import type { Dialect } from './dialect.ts'
import { quirks } from './quirks.ts'

const decisions = new Map(quirks.map(({ code, strict }) => [code, strict]))

/** How grave a finding is in a dialect; undefined where the dialect corrects the quirk, so that there is nothing to tell. */
export function severityIn(dialect: Dialect, code: DiagnosticCode): Diagnostic['severity'] | undefined {
  const usual = registry[code].severity
  if (dialect === 'libvirt') return usual
  const decision = decisions.get(code)
  if (decision === 'corrected') return undefined
  return decision === 'refused' ? 'error' : usual
}
