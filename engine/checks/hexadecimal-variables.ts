import { report } from '../diagnostics/report.ts'
import { protocols } from '../protocols/all-protocols.ts'
import type { RuleCheck } from './check.ts'

/** Variables where libvirt prints numbers in hexadecimal, but the text of a variable as it is. Spec 3.6. */
export const hexadecimalVariables: RuleCheck = (rule, filter, tool) =>
  rule.variables.length === 0 || tool !== 'ebtables'
    ? undefined
    : rule.matches.flatMap(({ attribute, value, span }) => {
        if (value.kind !== 'variable') return []
        const term = protocols.get(rule.protocol)?.byName.get(attribute)?.ebtables
        if (!term?.hex && !term?.hexInStrict) return []
        const message = `libvirt prints the text of $${value.name} as it is where ebtables reads hexadecimal: 2054 is taken for 0x2054.`
        return [report('NWF360', filter.source, span, message)]
      })
