import type { Diagnostic, Staged } from '../diagnostics/diagnostic.ts'
import { hasErrors, report } from '../diagnostics/report.ts'
import type { Dialect } from '../dialects/dialect.ts'
import type { Binding } from '../nwfilter/binding.ts'
import type { Filter } from '../nwfilter/filter.ts'
import { accessKey, type Combination, combineValues } from './combine-values.ts'
import { environmentOf, parametersOf } from './environment.ts'
import { findMissing } from './find-missing.ts'
import { type FlatRule, flatten } from './flatten.ts'
import { reportMissing } from './report-missing.ts'
import type { RuleInstance } from './rule-instance.ts'
import { sortRules } from './sort-rules.ts'

/** `learning` is set when only `IP` is missing: libvirt installs temporary rules and learns the address. Spec 7. */
export type Instantiation = {
  readonly learning: 'any' | 'dhcp' | undefined
  readonly instances: readonly RuleInstance[]
}

/**
 * DAG and binding → ordered rule instances. The value is undefined where libvirt refuses: a missing or looping reference
 * (NWF202, 204), a variable without a value (305, 308), lists of different length on one iterator (306). Spec 3, 4.
 */
export function instantiate(
  filters: ReadonlyMap<string, Filter>,
  binding: Binding,
  dialect: Dialect = 'libvirt',
): Staged<Instantiation> {
  const { rules, diagnostics } = flatten(filters, binding, environmentOf(parametersOf(binding)))
  if (hasErrors(diagnostics)) return { value: undefined, diagnostics }
  const missing = findMissing(rules)
  if (missing.length > 0) {
    const isRead = (name: string) => rules.some(({ rule }) => rule.variables.some(({ access }) => access.name === name))
    const { value: learning, diagnostics: found } = reportMissing(missing, binding, isRead)
    return { value: learning === undefined ? undefined : { learning, instances: [] }, diagnostics: found }
  }
  const found: Diagnostic[] = [...diagnostics]
  const instances: RuleInstance[] = []
  for (const { flat, rulePriority } of sortRules(rules, dialect)) {
    const combinations = combineValues(
      flat.rule.variables.map(({ access }) => access),
      flat.environment,
    )
    if (combinations === undefined) found.push(cardinalityError(flat, binding))
    else for (const combination of combinations) instances.push(toInstance(flat, rulePriority, combination))
  }
  return { value: hasErrors(found) ? undefined : { learning: undefined, instances }, diagnostics: found }
}

function toInstance({ filter, rule, entry }: FlatRule, rulePriority: number, combination: Combination): RuleInstance {
  const values = new Map(
    rule.matches.flatMap(({ attribute, value }) => {
      const source = value.kind === 'variable' ? combination.get(accessKey(value)) : undefined
      return source === undefined ? [] : [[attribute, source] as const]
    }),
  )
  return { kind: 'rule-instance', filter, rule, entry, rulePriority, values }
}

function cardinalityError({ filter, rule, environment }: FlatRule, binding: Binding): Diagnostic {
  const related = rule.variables.map(({ access, span }) => ({
    source: filter.source,
    span,
    message: `$${access.name} has ${environment.get(access.name)?.values.length ?? 0} values`,
  }))
  const message = `Cardinality of list items must be the same for processing them in parallel: a rule of ${filter.name} takes lists of different length together.`
  return report('NWF306', binding.source, binding.filterSpan, message, { related })
}
