import type { RuleInstance } from '../../instantiate/rule-instance.ts'
import type { Match } from '../../nwfilter/filter.ts'
import type { Attribute, EbtablesTerm } from '../../protocols/protocol.ts'

/** The arguments of one attribute, none where it is not given. ebtables wants `!` behind the option, only flags have it in front. */
export function printTerm(
  instance: RuleInstance,
  attribute: Attribute,
  term: EbtablesTerm,
  reversed: boolean,
): readonly string[] {
  if (term.icmpv6) return printIcmpv6(instance, term.option)
  const match = find(instance, attribute.name)
  if (match === undefined) return []
  const not = match.negated ? ['!'] : []
  if (term.flag) {
    const value = match.value.kind === 'variable' ? match.shadowed : match.value
    return value?.kind === 'boolean' && value.value ? [...not, term.option] : []
  }
  const value = print(instance, match, term.hex === true)
  return [
    reversed ? (term.reversed ?? term.option) : term.option,
    ...not,
    `${value}${printMask(instance, term)}${printEnd(instance, term)}`,
  ]
}

function printMask(instance: RuleInstance, { mask }: EbtablesTerm): string {
  if (mask === undefined) return ''
  const { attribute, otherwise } = mask
  const borrowed =
    otherwise !== undefined && find(instance, otherwise.address) !== undefined
      ? find(instance, otherwise.mask)
      : undefined
  const match = find(instance, attribute) ?? borrowed
  if (match !== undefined) return `/${print(instance, match, false)}`
  return mask.fallback === undefined ? '' : `/${mask.fallback}`
}

function printEnd(instance: RuleInstance, { end }: EbtablesTerm): string {
  const match = end === undefined ? undefined : find(instance, end)
  return match === undefined ? '' : `:${print(instance, match, false)}`
}

/** `t:te/c:ce`; a part that is not given spans everything, an end that is not given is the start. */
function printIcmpv6(instance: RuleInstance, option: string): readonly string[] {
  const part = (start: string, end: string) => {
    const first = find(instance, start)
    const last = find(instance, end)
    if (first === undefined && last === undefined) return '0:255'
    const from = first === undefined ? '0' : print(instance, first, false)
    return `${from}:${last === undefined ? from : print(instance, last, false)}`
  }
  if (!['type', 'typeend', 'code', 'codeend'].some((name) => find(instance, name) !== undefined)) return []
  return [
    option,
    ...(find(instance, 'type')?.negated ? ['!'] : []),
    `${part('type', 'typeend')}/${part('code', 'codeend')}`,
  ]
}

function find(instance: RuleInstance, name: string): Match | undefined {
  return instance.rule.matches.find(({ attribute }) => attribute === name)
}

/** Literal values as numbers and addresses, variables as the text they stand for. */
function print(instance: RuleInstance, { attribute, value }: Match, hex: boolean): string {
  switch (value.kind) {
    case 'variable':
      return instance.values.get(attribute) ?? ''
    case 'number':
      return hex ? `0x${value.value.toString(16)}` : String(value.value)
    case 'prefix-length':
      return String(value.length)
    case 'boolean':
      return String(value.value)
    default:
      return value.text
  }
}
