import type { Diagnostic } from '../diagnostics/diagnostic.ts'
import { report } from '../diagnostics/report.ts'
import type { Binding } from '../nwfilter/binding.ts'
import { didYouMean, spellingFix } from '../nwfilter/decode-context.ts'
import { misspeltParameter } from '../nwfilter/misspelt-parameter.ts'

/** Names that mean something whether a rule reads them or not. Spec 3.3; the last one is ours, and libvirt passes it over. */
const RESERVED = ['MAC', 'IP', 'IPV6', 'DHCPSERVER', 'CTRL_IP_LEARNING', 'CTRL_IPV6_LEARNING']

/**
 * Parameters of a binding that no rule reads: a misspelt name leaves the right variable without its value. Where that stands in
 * the way, it is `told` as NWF305 with the name that is likely to be meant, and that is not told once more.
 */
export function unusedParameters(
  binding: Binding,
  variables: ReadonlySet<string>,
  told: readonly Diagnostic[] = [],
): readonly Diagnostic[] {
  const isStopped = told.some(({ code }) => code === 'NWF305')
  const found: Diagnostic[] = []
  for (const name of binding.parameters.keys()) {
    if (variables.has(name) || RESERVED.includes(name)) continue
    const span = binding.parameterSpans?.get(name) ?? binding.filterSpan
    const missing = [...variables].filter((variable) => !binding.parameters.has(variable))
    if (isStopped && missing.some((variable) => isMeant(name, variable, binding, variables))) continue
    const spelling = spellingFix(name, span, missing)
    const message = `No rule of ${binding.filter} reads the parameter ${name}.${didYouMean(spelling)}`
    // The name of a list stands once for each value: one edit does not rename it.
    const isOne = binding.parameterSpans?.has(name) && binding.parameters.get(name)?.length === 1
    found.push(report('NWF304', binding.source, span, message, { fixes: isOne ? spelling : [] }))
  }
  return found
}

function isMeant(name: string, variable: string, binding: Binding, variables: ReadonlySet<string>): boolean {
  return misspeltParameter(variable, binding, (other) => variables.has(other))?.name === name
}
