import type { Parameters, RuleVariable } from '../nwfilter/filter.ts'
import { printVariableAccess } from '../nwfilter/variable-access.ts'
import type { VariableAccess } from '../protocols/attribute-value.ts'
import type { FlatRule } from './flatten.ts'

/** An access without a value, and where it stands. */
export type MissingAccess = { readonly printed: string; readonly at: FlatRule; readonly variable: RuleVariable }

/** Every access of every rule that has no value, printed or not; each printed form once. Spec 3.5. */
export function findMissing(rules: readonly FlatRule[]): readonly MissingAccess[] {
  const missing = new Map<string, MissingAccess>()
  for (const at of rules) {
    for (const variable of at.rule.variables) {
      if (isAvailable(variable.access, at.variables)) continue
      const printed = printVariableAccess(variable.access)
      if (!missing.has(printed)) missing.set(printed, { printed, at, variable })
    }
  }
  return [...missing.values()]
}

function isAvailable({ name, access, id }: VariableAccess, parameters: Parameters): boolean {
  const list = parameters.get(name)
  return list !== undefined && (access === 'iterator' || id < list.length)
}
