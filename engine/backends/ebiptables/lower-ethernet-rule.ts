import type { Diagnostic, Staged } from '../../diagnostics/diagnostic.ts'
import { report } from '../../diagnostics/report.ts'
import type { RuleInstance } from '../../instantiate/rule-instance.ts'
import { protocols } from '../../protocols/all-protocols.ts'
import { printTerm } from './print-term.ts'
import type { EbtablesRule, Side } from './ruleset.ts'
import { sidesOf } from './sides-of.ts'

const TARGETS = { accept: 'ACCEPT', drop: 'DROP', reject: 'DROP', return: 'RETURN', continue: 'CONTINUE' } as const

/** One instance → one ebtables rule a side; `inout` stands reversed on the from-guest side. Spec 5.5. */
export function lowerEthernetRule(instance: RuleInstance): Staged<readonly EbtablesRule[]> {
  const { rule, filter, entry } = instance
  const diagnostics: Diagnostic[] = sayLongValues(instance)
  if (
    rule.protocol === 'stp' &&
    rule.direction === 'inout' &&
    rule.matches.some(({ attribute }) => attribute === 'srcmacaddr')
  ) {
    diagnostics.push(
      report(
        'NWF321',
        filter.source,
        rule.span,
        'STP filtering in inout direction with source MAC address set is not supported',
      ),
    )
  }
  if (diagnostics.length > 0) return { value: undefined, diagnostics }
  const origin = { filter: filter.name, source: filter.source, entry, span: rule.span }
  const value = sidesOf(rule.direction).map((side) => ({
    kind: 'rule' as const,
    side,
    suffix: filter.chain,
    matches: lowerMatches(instance, side),
    target: TARGETS[rule.action],
    origin,
  }))
  return { value, diagnostics }
}

function lowerMatches(instance: RuleInstance, side: Side): readonly string[] {
  const protocol = protocols.get(instance.rule.protocol)
  if (protocol === undefined) return []
  const reversed = instance.rule.direction === 'inout' && side === 'from-guest'
  const print = (name: string) => {
    const attribute = protocol.attributes.find((candidate) => candidate.name === name)
    return attribute?.ebtables === undefined ? [] : printTerm(instance, attribute, attribute.ebtables, reversed)
  }
  const isMac = (name: string) => name === 'srcmacaddr' || name === 'dstmacaddr'
  const { selector, terms } = protocol.ebtables
  return [...terms.filter(isMac).flatMap(print), ...selector, ...terms.filter((name) => !isMac(name)).flatMap(print)]
}

/** libvirt prints values into buffers of fixed size and refuses what does not fit. Spec 3.2. */
function sayLongValues({ rule, filter, values }: RuleInstance): Diagnostic[] {
  const attributes = protocols.get(rule.protocol)?.attributes ?? []
  return attributes.flatMap(({ name, type, ebtables }) => {
    const text = values.get(name)
    const limit = type.variableLength
    if (text === undefined || limit === undefined || text.length <= limit) return []
    const owner =
      ebtables === undefined
        ? attributes.find((other) => other.ebtables?.mask?.attribute === name || other.ebtables?.end === name)
        : undefined
    if (owner !== undefined && !rule.matches.some(({ attribute }) => attribute === owner.name)) return []
    const match = rule.matches.find(({ attribute }) => attribute === name)
    return [
      report(
        'NWF307',
        filter.source,
        match?.span ?? rule.span,
        `The value “${text}” is longer than the ${limit} characters that ${name} can hold.`,
      ),
    ]
  })
}
