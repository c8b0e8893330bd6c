import type { RuleInstance } from '../instantiate/rule-instance.ts'
import { protocols } from '../protocols/all-protocols.ts'
import { ipProtocolType } from '../protocols/common-attributes.ts'
import { IP_TERMS } from '../protocols/ip-terms.ts'
import { reverseField } from '../protocols/packet-field.ts'
import type { Condition } from './condition.ts'
import { literal } from './ethernet-conditions.ts'
import { findMatch } from './find-match.ts'
import { operandOf } from './operand.ts'
import type { PlacedIpRule } from './placement.ts'

/** What a rule of the IP layer asks of a packet of its IP version, as iptables reads libvirt's command. Spec 5.6. */
export function ipConditions(placed: PlacedIpRule): readonly Condition[] {
  const { instance, reversed } = placed
  const { backend, name } = protocols.get(instance.rule.protocol) ?? {}
  if (backend === undefined || backend.tool === 'ebtables') return []
  const limit = reversed ? [] : readLimit(instance)
  return [
    ...readProtocol(backend.protocol),
    ...(reversed ? [] : readTerm(instance, 'srcmacaddr', false)),
    ...IP_TERMS.flatMap((term) => {
      if (term === 'flags') return readFlags(instance)
      if (term === 'option') return readOption(instance)
      return term === 'type'
        ? readIcmp(instance, name === 'icmp' ? 'icmp' : 'icmpv6')
        : readTerm(instance, term, reversed)
    }),
    // A limit switches off the states of an accept, and leaves those of other actions alone.
    ...(limit.length > 0 && instance.rule.action === 'accept' ? [] : readStates(placed)),
    ...readSet(instance, reversed),
    ...limit,
  ]
}

function readProtocol(name: string): readonly Condition[] {
  const value = ipProtocolType.parse(name)
  if (value === undefined) return []
  return [{ kind: 'compare', field: 'l4 protocol', negated: false, test: { kind: 'equal', value: literal(value) } }]
}

function readTerm(instance: RuleInstance, name: string, reversed: boolean): readonly Condition[] {
  const attribute = protocols.get(instance.rule.protocol)?.byName.get(name)
  const { field, iptables: term } = attribute ?? {}
  const match = findMatch(instance, name)
  if (field === undefined || term === undefined || match === undefined) return []
  if (term.unless !== undefined && findMatch(instance, term.unless) !== undefined) return []
  const value = operandOf(instance, match)
  if (value === undefined) return []
  const other = term.end && findMatch(instance, term.end.attribute)
  const end = other && operandOf(instance, other)
  const test =
    end === undefined
      ? ({ kind: 'equal', value } as const)
      : term.end?.separator === '/'
        ? ({ kind: 'prefix', value, length: end } as const)
        : ({ kind: 'range', first: value, last: end } as const)
  return [{ kind: 'compare', field: reversed ? reverseField(field) : field, negated: match.negated, test }]
}

/** A variable is not substituted and leaves what stood there before it. Spec 3.6. */
function readFlags(instance: RuleInstance): readonly Condition[] {
  const match = findMatch(instance, 'flags')
  if (match === undefined || protocols.get(instance.rule.protocol)?.byName.get('flags')?.iptables === undefined)
    return []
  const value = match.value.kind === 'variable' ? match.shadowed : match.value
  const { mask, flags } = value?.kind === 'tcp-flags' ? value : { mask: 'NONE', flags: 'NONE' }
  return [{ kind: 'tcp-flags', mask, flags, negated: match.negated }]
}

function readOption(instance: RuleInstance): readonly Condition[] {
  const match = findMatch(instance, 'option')
  const option = match && operandOf(instance, match)
  return option === undefined ? [] : [{ kind: 'tcp-option', option, negated: match?.negated ?? false }]
}

function readIcmp(instance: RuleInstance, version: 'icmp' | 'icmpv6'): readonly Condition[] {
  const match = findMatch(instance, 'type')
  const type = match && operandOf(instance, match)
  if (type === undefined) return []
  const other = findMatch(instance, 'code')
  return [
    { kind: 'icmp-type', version, type, code: other && operandOf(instance, other), negated: match?.negated ?? false },
  ]
}

/** An ICMP type gets no connection direction: its answer is another type. Spec 5.7. */
function readStates({ instance, states, connectionDirection }: PlacedIpRule): readonly Condition[] {
  if (states === undefined) return []
  const direction = findMatch(instance, 'type') === undefined ? connectionDirection : undefined
  return [{ kind: 'state', states, direction }]
}

/** libvirt does not negate a set. Spec 2.3, 2.8. */
function readSet(instance: RuleInstance, reversed: boolean): readonly Condition[] {
  const [set, flags] = [findMatch(instance, 'ipset'), findMatch(instance, 'ipsetflags')]
  const name = set && operandOf(instance, set)
  const sides = flags && operandOf(instance, flags)
  if (set === undefined || name === undefined || sides === undefined) return []
  const strict = instance.filter.dialect === 'strict'
  // libvirt swaps the sides of a literal, and passes a variable on as it is.
  const swaps = reversed && (strict || sides.kind === 'literal')
  return [{ kind: 'set', name, sides, reversed: swaps, negated: set.negated && strict }]
}

function readLimit(instance: RuleInstance): readonly Condition[] {
  const match = findMatch(instance, 'connlimit-above')
  const above = match && operandOf(instance, match)
  return above === undefined ? [] : [{ kind: 'limit', above, negated: match?.negated ?? false }]
}
