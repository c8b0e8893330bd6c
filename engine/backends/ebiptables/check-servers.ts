import type { Diagnostic } from '../../diagnostics/diagnostic.ts'
import { report } from '../../diagnostics/report.ts'
import type { Dialect } from '../../dialects/dialect.ts'
import { severityIn } from '../../dialects/severity-in.ts'
import type { Binding } from '../../nwfilter/binding.ts'
import { ipv4Type } from '../../protocols/ip-type.ts'

const NAME = 'DHCPSERVER'

/** The trusted servers of a guest whose address is learned from DHCP: they go into its temporary rules as they are. Spec 7.4. */
export function checkServers(binding: Binding, dialect: Dialect): readonly Diagnostic[] {
  const severity = severityIn(dialect, 'NWF319')
  return (binding.parameters.get(NAME) ?? []).flatMap((server, at) => {
    if (severity === undefined || (ipv4Type.parse(server) !== undefined && !ipv4Type.surprise?.(server))) return []
    const span = binding.parameterValueSpans?.get(NAME)?.[at] ?? binding.filterSpan
    const message = `“${server}” is no value for ${NAME} (${ipv4Type.expected}): the temporary rules of ${binding.portDevice} name it, and the tool refuses what it cannot read.`
    return [report('NWF319', binding.source, span, message, { severity })]
  })
}
