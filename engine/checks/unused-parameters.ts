import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { report } from '../diagnostics/report.ts'
import type { Binding } from '../nwfilter/binding.ts'
import { didYouMean, spellingFix } from '../nwfilter/decode-context.ts'

/** Names that mean something whether a rule reads them or not. Spec 3.3. */
const RESERVED = ['MAC', 'IP', 'IPV6', 'DHCPSERVER', 'CTRL_IP_LEARNING']

/** Parameters of a binding that no rule reads: a misspelt name leaves the right variable without its value. */
export function unusedParameters(binding: Binding, variables: ReadonlySet<string>): readonly Diagnostic[] {
  const found: Diagnostic[] = []
  for (const name of binding.parameters.keys()) {
    if (variables.has(name) || RESERVED.includes(name)) continue
    const span = binding.parameterSpans?.get(name) ?? binding.filterSpan
    const fixes = binding.parameterSpans?.has(name) ? spellingFix(name, span, variables) : []
    const message = `No rule of ${binding.filter} reads the parameter ${name}.${didYouMean(fixes)}`
    found.push(report('NWF304', binding.source, span, message, { fixes }))
  }
  return found
}
