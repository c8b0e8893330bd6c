import { allChecks } from './checks/all-checks.ts'
import type { Diagnostic, Source, Staged } from './diagnostics/diagnostic.ts'
import { mergeDiagnostics } from './diagnostics/merge-diagnostics.ts'
import type { Dialect } from './dialects/dialect.ts'
import { judge } from './dialects/judge.ts'
import type { Filter } from './nwfilter/filter.ts'
import { parseFilter } from './parse-text.ts'

/** Everything an editor shows about a filter text: syntax, semantics, references, loops. `others` are the other filters by name. */
export function diagnoseFilter(
  text: string,
  source: Source,
  others: ReadonlyMap<string, Filter>,
  dialect: Dialect = 'libvirt',
): readonly Diagnostic[] {
  return diagnoseParsed(parseFilter(text, source, dialect), others)
}

/** The same for a filter that was parsed already. */
export function diagnoseParsed(
  { value, diagnostics }: Staged<Filter>,
  others: ReadonlyMap<string, Filter>,
): readonly Diagnostic[] {
  if (value === undefined) return mergeDiagnostics(diagnostics)
  const neighbours = others.has(value.name) ? new Map([...others].filter(([name]) => name !== value.name)) : others
  const found = allChecks.flatMap((check) => check(value, neighbours))
  return mergeDiagnostics([...diagnostics, ...judge(found, value.dialect)])
}
