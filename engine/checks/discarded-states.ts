import { report } from '../diagnostics/report.ts'
import { removalFix } from '../nwfilter/decode-context.ts'
import { matchOf, type RuleCheck } from './check.ts'

/** A state list means that replies need a rule of their own; with statematch off it means nothing. Spec 5.7. */
export const discardedStates: RuleCheck = (rule, filter, tool) => {
  if (tool === 'ebtables') return undefined
  const state = matchOf(rule, 'state')
  if (state === undefined || rule.states.length === 0) return undefined
  if (!rule.statematch) {
    const message = 'libvirt drops the states: statematch is off, and the rule matches every packet in both directions.'
    const fixes = removalFix({ name: 'state', span: state.attributeSpan })
    return report('NWF330', filter.source, state.span, message, { fixes })
  }
  if (rule.action !== 'accept') return undefined
  return report('NWF355', filter.source, state.span, 'With a state list libvirt makes no rule for the replies.')
}
