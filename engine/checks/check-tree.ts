import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { hasErrors, report } from '../diagnostics/report.ts'
import type { Dialect } from '../dialects/dialect.ts'
import { judge } from '../dialects/judge.ts'
import type { Filter } from '../nwfilter/filter.ts'
import { isEthernetRule } from '../protocols/layer-of.ts'
import { rememberByFilters } from './remember.ts'
import { ruleChecks } from './rule-checks.ts'
import { treeOf } from './tree-of.ts'

const inDialect = {
  libvirt: rememberByFilters((filters, name) => findInTree(filters, name, 'libvirt')),
  strict: rememberByFilters((filters, name) => findInTree(filters, name, 'strict')),
} as const

/**
 * What stands in the way of installing a filter with everything it includes: chains with two priorities, and in strict every
 * quirk that is refused. Warnings about single filters are not repeated here.
 */
export function checkTree(filters: ReadonlyMap<string, Filter>, name: string, dialect: Dialect): readonly Diagnostic[] {
  return inDialect[dialect](filters, name)
}

function findInTree(filters: ReadonlyMap<string, Filter>, name: string, dialect: Dialect): readonly Diagnostic[] {
  const tree = treeOf(filters, name)
  const refused =
    dialect === 'strict'
      ? tree.flatMap((filter) => judge(ruleChecks(filter, filters), dialect).filter((said) => hasErrors([said])))
      : []
  return [...judge(sayDifferentPriorities(tree), dialect), ...refused]
}

/** Two filters with one chain and two priorities: a rule may be installed before its chain exists. Spec 4.4.7. */
function sayDifferentPriorities(tree: readonly Filter[]): readonly Diagnostic[] {
  const first = new Map<string, Filter>()
  return tree.flatMap((filter) => {
    const hasRules = filter.entries.some((entry) => entry.kind === 'rule' && isEthernetRule(entry.protocol))
    if (filter.chain === 'root' || !hasRules) return []
    const other = first.get(filter.chain)
    if (other === undefined) first.set(filter.chain, filter)
    if (other === undefined || other.chainPriority === filter.chainPriority) return []
    const message = `Chain ${filter.chain} has priority ${filter.chainPriority} here and ${other.chainPriority} in ${other.name}; a rule may be installed before its chain exists.`
    const related = [{ source: other.source, span: other.chainSpan, message: `${other.name} uses the same chain` }]
    return [report('NWF318', filter.source, filter.chainSpan, message, { related })]
  })
}
