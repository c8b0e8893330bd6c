import { report } from '../diagnostics/report.ts'
import { matchOf, type RuleCheck } from './check.ts'

/** The mask of an ARP source is used for a destination that has none. Spec 5.5. */
export const leakingMasks: RuleCheck = (rule, filter) => {
  if (rule.protocol !== 'arp' && rule.protocol !== 'rarp') return undefined
  const target = matchOf(rule, 'arpdstipaddr')
  const leaks =
    target !== undefined &&
    matchOf(rule, 'arpdstipmask') === undefined &&
    matchOf(rule, 'arpsrcipaddr') !== undefined &&
    matchOf(rule, 'arpsrcipmask') !== undefined
  if (!leaks) return undefined
  const { end } = target.attributeSpan
  const fixes = [{ title: 'Add arpdstipmask 32', span: { start: end, end }, text: " arpdstipmask='32'" }]
  const message = 'libvirt uses arpsrcipmask for this address too.'
  return report('NWF335', filter.source, target.span, message, { fixes })
}
