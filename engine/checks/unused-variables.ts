import { report } from '../diagnostics/report.ts'
import { protocols } from '../protocols/all-protocols.ts'
import type { RuleCheck } from './check.ts'

/** Variables where libvirt does not print them: comment, state, flags and gratuitous. Spec 3.6. */
export const unusedVariables: RuleCheck = (rule, filter, tool) =>
  rule.variables.length === 0
    ? undefined
    : rule.matches.flatMap(({ attribute, value, span }) => {
        if (value.kind !== 'variable') return []
        const type = protocols.get(rule.protocol)?.byName.get(attribute)?.type
        if (type === undefined || type.variableLength !== undefined) return []
        const lost =
          attribute !== 'comment'
            ? 'this match is lost'
            : tool === 'ebtables'
              ? 'the text is lost'
              : 'the comment is empty, and the command of this rule fails when the NIC is started'
        const message = `libvirt does not substitute a variable in ${attribute}: ${lost}.`
        return [report('NWF317', filter.source, span, message)]
      })
