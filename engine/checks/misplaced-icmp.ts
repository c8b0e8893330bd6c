import { report } from '../diagnostics/report.ts'
import { matchOf, type RuleCheck } from './check.ts'

const ICMPV6 = 58

/** ICMPv6 attributes of `ipv6` beside another protocol: both are matched, which no packet does. Spec 2.2. */
export const misplacedIcmp: RuleCheck = (rule, filter) => {
  if (rule.protocol !== 'ipv6') return undefined
  const type = ['type', 'typeend', 'code', 'codeend']
    .map((name) => matchOf(rule, name))
    .find((match) => match !== undefined)
  if (type === undefined) return undefined
  const protocol = matchOf(rule, 'protocol')
  if (protocol?.value.kind === 'variable' || (protocol?.value.kind === 'number' && protocol.value.value === ICMPV6))
    return undefined
  if (protocol === undefined) {
    const { start } = type.attributeSpan
    const fixes = [{ title: 'Add protocol icmpv6', span: { start, end: start }, text: "protocol='icmpv6' " }]
    return report('NWF358', filter.source, type.span, `${type.attribute} needs protocol='icmpv6'.`, { fixes })
  }
  const fixes = [{ title: 'Use icmpv6', span: protocol.span, text: 'icmpv6' }]
  const message = `${type.attribute} is matched beside another protocol than icmpv6: no packet has both.`
  return report('NWF358', filter.source, type.span, message, { fixes })
}
