import type { Diagnostic, Staged } from '../diagnostics/diagnostic.ts'
import { hasErrors, report } from '../diagnostics/report.ts'
import type { Binding } from '../nwfilter/binding.ts'
import type { Filter, Parameters } from '../nwfilter/filter.ts'
import { accessKey, type Combination, combineValues } from './combine-values.ts'
import { findMissing, type MissingAccess } from './find-missing.ts'
import { type FlatRule, flatten } from './flatten.ts'
import type { RuleInstance } from './rule-instance.ts'
import { sortRules } from './sort-rules.ts'

/** `learning` is set when only `IP` is missing: libvirt installs temporary rules and learns the address. Spec 7. */
export type Instantiation = {
  readonly learning: 'any' | 'dhcp' | undefined
  readonly instances: readonly RuleInstance[]
}

/** DAG and binding → ordered rule instances. The value is undefined where libvirt refuses. Spec 3, 4. */
export function instantiate(filters: ReadonlyMap<string, Filter>, binding: Binding): Staged<Instantiation> {
  const parameters: Parameters = binding.parameters.has('MAC')
    ? binding.parameters
    : new Map([...binding.parameters, ['MAC', [binding.mac]]])
  const { rules, diagnostics } = flatten(filters, binding, parameters)
  if (hasErrors(diagnostics)) return { value: undefined, diagnostics }
  const missing = findMissing(rules)
  if (missing.length > 0) return reportMissing(missing, binding)
  const found: Diagnostic[] = [...diagnostics]
  const instances = sortRules(rules).flatMap(({ flat, rulePriority }) => {
    const combinations = combineValues(
      flat.rule.variables.map(({ access }) => access),
      flat.variables,
    )
    if (combinations === undefined) {
      found.push(cardinalityError(flat, binding))
      return []
    }
    return combinations.map((combination) => toInstance(flat, rulePriority, combination, binding))
  })
  return { value: hasErrors(found) ? undefined : { learning: undefined, instances }, diagnostics: found }
}

function toInstance(
  { filter, rule, entry }: FlatRule,
  rulePriority: number,
  combination: Combination,
  binding: Binding,
): RuleInstance {
  const values = new Map(
    rule.matches.flatMap(({ attribute, value }) =>
      value.kind === 'variable' ? [[attribute, combination.get(accessKey(value)) ?? '']] : [],
    ),
  )
  return { kind: 'rule-instance', portDevice: binding.portDevice, filter, rule, entry, rulePriority, values }
}

function reportMissing(missing: readonly MissingAccess[], binding: Binding): Staged<Instantiation> {
  const mode = (binding.parameters.get('CTRL_IP_LEARNING')?.[0] ?? 'any').toLowerCase()
  if (missing.length === 1 && missing[0]?.printed === 'IP') {
    if (mode === 'any' || mode === 'dhcp') {
      const how = mode === 'any' ? 'from the first packets of the guest' : 'from DHCP'
      const message = `$IP has no value: libvirt learns it ${how} (CTRL_IP_LEARNING ${mode}). Until then temporary rules stand.`
      return {
        value: { learning: mode, instances: [] },
        diagnostics: [report('NWF309', binding.source, binding.filterSpan, message, { related: placesOf(missing) })],
      }
    }
    if (mode !== 'none') {
      return {
        value: undefined,
        diagnostics: [
          report(
            'NWF310',
            binding.source,
            binding.filterSpan,
            `CTRL_IP_LEARNING “${mode}” is unknown: use any, dhcp or none.`,
          ),
        ],
      }
    }
  }
  // libvirt names IP only when learning is off.
  const told = mode === 'none' ? missing : missing.filter(({ printed }) => printed !== 'IP')
  const names = told.map(({ printed }) => `$${printed}`).join(', ')
  const message = `${names} ${told.length === 1 ? 'has' : 'have'} no value on ${binding.portDevice}: its guest cannot be started with this filter.`
  return {
    value: undefined,
    diagnostics: [report('NWF305', binding.source, binding.filterSpan, message, { related: placesOf(told) })],
  }
}

function placesOf(missing: readonly MissingAccess[]) {
  return missing.map(({ printed, at, variable }) => ({
    source: at.filter.source,
    span: variable.span,
    message: `${at.filter.name} uses $${printed} here`,
  }))
}

function cardinalityError({ filter, rule }: FlatRule, binding: Binding): Diagnostic {
  const related = rule.variables.map(({ access, span }) => ({
    source: filter.source,
    span,
    message: `$${access.name} stands here`,
  }))
  const message = `Lists that advance together must have the same length; the rule of ${filter.name} takes lists of different length in parallel.`
  return report('NWF306', binding.source, binding.filterSpan, message, { related })
}
