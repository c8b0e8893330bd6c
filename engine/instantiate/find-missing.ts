import type { RuleVariable } from '../nwfilter/filter.ts'
import { printVariableAccess } from '../nwfilter/variable-access.ts'
import type { VariableAccess } from '../protocols/attribute-value.ts'
import type { Environment } from './environment.ts'
import type { FlatRule } from './flatten.ts'

/** An access without a value, and where it stands. `length` is set when the list is there and only too short. */
export type MissingAccess = {
  readonly printed: string
  readonly at: FlatRule
  readonly variable: RuleVariable
  readonly length: number | undefined
}

/** Every access of every rule that has no value, printed or not; each printed form once. Spec 3.5. */
export function findMissing(rules: readonly FlatRule[]): readonly MissingAccess[] {
  const missing = new Map<string, MissingAccess>()
  for (const at of rules) {
    for (const variable of at.rule.variables) {
      if (isAvailable(variable.access, at.environment)) continue
      const printed = printVariableAccess(variable.access)
      const length = at.environment.get(variable.access.name)?.values.length
      if (!missing.has(printed)) missing.set(printed, { printed, at, variable, length })
    }
  }
  return [...missing.values()]
}

function isAvailable({ name, access, id }: VariableAccess, environment: Environment): boolean {
  const list = environment.get(name)
  return list !== undefined && (access === 'iterator' || id < list.values.length)
}
