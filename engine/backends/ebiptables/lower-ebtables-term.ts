import type { RuleInstance } from '../../instantiate/rule-instance.ts'
import { findMatch } from '../../placement/find-match.ts'
import type { Attribute, EbtablesTerm } from '../../protocols/protocol.ts'
import { type Argument, joinPieces, type Slot } from './argument.ts'
import type { Style } from './print-literal.ts'
import { printMatch } from './print-match.ts'

/** How terms are read: source and destination swapped or not, and the ECN bits that a strict TOS byte gets. */
export type Reading = { readonly reversed: boolean; readonly ecn: number | undefined }

/** The arguments of one attribute, none where it is not given. ebtables wants `!` behind the option, only flags have it in front. */
export function lowerEbtablesTerm(
  instance: RuleInstance,
  attribute: Attribute,
  term: EbtablesTerm,
  { reversed, ecn }: Reading,
): readonly Argument[] {
  if (term.icmpv6) return lowerIcmpv6(instance, term.option)
  const match = findMatch(instance, attribute.name)
  if (match === undefined) return []
  const not = match.negated ? ['!'] : []
  if (term.flag) {
    const value = match.value.kind === 'variable' ? match.shadowed : match.value
    return value?.kind === 'boolean' && value.value ? [...not, term.option] : []
  }
  const option = reversed ? (term.reversed ?? term.option) : term.option
  const value = printMatch(instance, match, styleOf(term, instance, ecn))
  return [option, ...not, joinPieces([value, ...maskOf(instance, term), ...endOf(instance, term)])]
}

function styleOf({ hex, hexInStrict, tos }: EbtablesTerm, { filter }: RuleInstance, ecn: number | undefined): Style {
  if (tos && ecn !== undefined) return { ecn }
  return hex || (hexInStrict && filter.dialect === 'strict') ? 'hex' : 'plain'
}

function maskOf(instance: RuleInstance, { mask }: EbtablesTerm): readonly (string | Slot)[] {
  if (mask === undefined) return []
  const { attribute, otherwise, fallback } = mask
  const leaks =
    instance.filter.dialect === 'libvirt' &&
    otherwise !== undefined &&
    findMatch(instance, otherwise.address) !== undefined
  const borrowed = leaks ? findMatch(instance, otherwise.mask) : undefined
  const match = findMatch(instance, attribute) ?? borrowed
  if (match !== undefined) return ['/', printMatch(instance, match)]
  return fallback === undefined ? [] : [`/${fallback}`]
}

function endOf(instance: RuleInstance, { end }: EbtablesTerm): readonly (string | Slot)[] {
  const match = end === undefined ? undefined : findMatch(instance, end)
  return match === undefined ? [] : [':', printMatch(instance, match)]
}

/** `t:te/c:ce`; a part that is not given spans everything, an end that is not given is the start. */
function lowerIcmpv6(instance: RuleInstance, option: string): readonly Argument[] {
  const part = (start: string, end: string): readonly (string | Slot)[] => {
    const first = findMatch(instance, start)
    const last = findMatch(instance, end)
    if (first === undefined && last === undefined) return ['0:255']
    const from = first === undefined ? '0' : printMatch(instance, first)
    return [from, ':', last === undefined ? from : printMatch(instance, last)]
  }
  if (!['type', 'typeend', 'code', 'codeend'].some((name) => findMatch(instance, name) !== undefined)) return []
  return [
    option,
    ...(findMatch(instance, 'type')?.negated ? ['!'] : []),
    joinPieces([...part('type', 'typeend'), '/', ...part('code', 'codeend')]),
  ]
}
