import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import type { DiagnosticCode } from '../diagnostics/registry.ts'
import { rememberByFilters } from './remember.ts'
import { ruleChecks } from './rule-checks.ts'
import { treeOf } from './tree-of.ts'

/** What libvirt takes and its tools refuse: no host has ever run these rules, so there is nothing to be like. */
const REFUSED: ReadonlySet<DiagnosticCode> = new Set(['NWF319', 'NWF332', 'NWF353', 'NWF358', 'NWF362'])

/** The finding as an error, where the tools would refuse the rule. */
export function asRefused(diagnostic: Diagnostic): Diagnostic {
  return REFUSED.has(diagnostic.code) ? { ...diagnostic, severity: 'error' } : diagnostic
}

/** The rules of a filter and everything it includes that no tool would take, each an error. */
export const refusedInTree = rememberByFilters((filters, name): readonly Diagnostic[] =>
  treeOf(filters, name).flatMap((filter) =>
    ruleChecks(filter, filters)
      .filter(({ code }) => REFUSED.has(code))
      .map(asRefused),
  ),
)
