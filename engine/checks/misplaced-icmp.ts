import type { Fix } from '../diagnostics/diagnostic.ts'
import { report } from '../diagnostics/report.ts'
import { removalFix } from '../nwfilter/decode-context.ts'
import type { Match, Rule } from '../nwfilter/filter.ts'
import { matchOf, type RuleCheck } from './check.ts'

const ICMPV6 = 58
const PORTS = ['srcportstart', 'srcportend', 'dstportstart', 'dstportend']

/** ICMPv6 attributes of `ipv6` beside another protocol: libvirt prints both, and ebtables takes no such rule. Spec 2.2. */
export const misplacedIcmp: RuleCheck = (rule, filter) => {
  if (rule.protocol !== 'ipv6') return undefined
  const type = ['type', 'typeend', 'code', 'codeend']
    .map((name) => matchOf(rule, name))
    .find((match) => match !== undefined)
  if (type === undefined) return undefined
  const protocol = matchOf(rule, 'protocol')
  if (protocol?.value.kind === 'number' && protocol.value.value === ICMPV6 && !protocol.negated) return undefined
  const refused =
    protocol?.value.kind === 'variable'
      ? `where $${protocol.value.name} is another one, ebtables refuses the rule when the NIC is started`
      : 'libvirt takes the rule, and ebtables refuses it when the NIC is started'
  const message = `${type.attribute} needs the protocol icmpv6: ${refused}.`
  return report('NWF358', filter.source, type.span, message, { fixes: nameIcmp(rule, type, protocol) })
}

/** A rule that names ports is about another protocol. */
function nameIcmp(rule: Rule, type: Match, protocol: Match | undefined): readonly Fix[] {
  if (PORTS.some((name) => matchOf(rule, name) !== undefined))
    return removalFix({ name: type.attribute, span: type.attributeSpan })
  if (protocol?.negated) return []
  if (protocol !== undefined) return [{ title: 'Use icmpv6', span: protocol.span, text: 'icmpv6' }]
  const { start } = type.attributeSpan
  return [{ title: 'Add protocol icmpv6', span: { start, end: start }, text: "protocol='icmpv6' " }]
}
