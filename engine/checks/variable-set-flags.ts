import { report } from '../diagnostics/report.ts'
import { matchOf, type RuleCheck } from './check.ts'

/** ipsetflags in a variable keep their sides in the reversed commands. Spec 3.6. */
export const variableSetFlags: RuleCheck = (rule, filter) => {
  const flags = matchOf(rule, 'ipsetflags')
  if (flags?.value.kind !== 'variable') return undefined
  const message = 'In the reversed commands libvirt swaps src and dst, but not in a variable.'
  return report('NWF357', filter.source, flags.span, message)
}
