import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { report } from '../diagnostics/report.ts'
import type { RuleInstance } from '../instantiate/rule-instance.ts'
import { protocols } from '../protocols/all-protocols.ts'
import { findMatch } from './find-match.ts'

/** An ipset that got its flags from libvirt's fix-up: they have no type, and printing them fails. Spec 2.8. */
export function sayBrokenSet(instance: RuleInstance): readonly Diagnostic[] {
  const { filter, rule } = instance
  if (filter.dialect === 'strict' || protocols.get(rule.protocol)?.losesSets !== true) return []
  const set = findMatch(instance, 'ipset')
  if (set === undefined) return []
  const message = 'libvirt cannot instantiate an ipset without ipsetflags here: “Unexpected enum value 0”.'
  return [report('NWF323', filter.source, set.span, message, { severity: 'error' })]
}
