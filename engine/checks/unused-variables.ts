import { report } from '../diagnostics/report.ts'
import { protocols } from '../protocols/all-protocols.ts'
import type { Check } from './check.ts'

/** Variables where libvirt does not print them: comment and gratuitous. Spec 3.6. */
export const unusedVariables: Check = (filter) =>
  filter.entries.flatMap((entry) => {
    if (entry.kind !== 'rule') return []
    return entry.matches.flatMap((match) => {
      const type = protocols.get(entry.protocol)?.attributes.find(({ name }) => name === match.attribute)?.type
      if (match.value.kind !== 'variable' || type === undefined || type.variableLength !== undefined) return []
      return [
        report(
          'NWF317',
          filter.source,
          match.span,
          `libvirt does not substitute a variable in ${match.attribute}; the value is lost.`,
        ),
      ]
    })
  })
