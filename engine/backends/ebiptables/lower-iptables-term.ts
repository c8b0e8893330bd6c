import type { RuleInstance } from '../../instantiate/rule-instance.ts'
import { findMatch } from '../../placement/find-match.ts'
import type { Attribute } from '../../protocols/protocol.ts'
import { type Argument, joinPieces } from './argument.ts'
import { printMatch } from './print-match.ts'

/** The arguments of one attribute, none where it is not given: `[-m MODULE] [!] OPTION VALUE`. Spec 5.6. */
export function lowerIptablesTerm(
  instance: RuleInstance,
  attribute: Attribute | undefined,
  reversed: boolean,
): readonly Argument[] {
  const term = attribute?.iptables
  const match = attribute === undefined ? undefined : findMatch(instance, attribute.name)
  if (term === undefined || match === undefined) return []
  if (term.unless !== undefined && findMatch(instance, term.unless) !== undefined) return []
  const end = term.end === undefined ? undefined : findMatch(instance, term.end.attribute)
  return [
    ...(term.module === undefined ? [] : ['-m', term.module]),
    ...(match.negated ? ['!'] : []),
    reversed ? (term.reversed ?? term.option) : term.option,
    ...(attribute?.name === 'flags'
      ? flagWords(instance)
      : [
          joinPieces([
            printMatch(instance, match),
            ...(end === undefined ? [] : [term.end?.separator ?? '', printMatch(instance, end)]),
          ]),
        ]),
  ]
}

/** Mask and flags are two arguments; a variable is not substituted and leaves what stood there before it. Spec 3.6. */
function flagWords(instance: RuleInstance): readonly string[] {
  const match = findMatch(instance, 'flags')
  const value = match?.value.kind === 'variable' ? match.shadowed : match?.value
  return value?.kind === 'tcp-flags' ? [value.mask, value.flags] : ['NONE', 'NONE']
}

/** `-m set --match-set NAME FLAGS`, the flags swapped in a reversed command. libvirt does not negate it. Spec 2.3, 2.8. */
export function lowerSet(instance: RuleInstance, reversed: boolean): readonly Argument[] {
  const set = findMatch(instance, 'ipset')
  const flags = findMatch(instance, 'ipsetflags')
  if (set === undefined || flags === undefined) return []
  const isNegated = set.negated && instance.filter.dialect === 'strict'
  return [
    '-m',
    'set',
    ...(isNegated ? ['!'] : []),
    '--match-set',
    printMatch(instance, set),
    printMatch(instance, flags, reversed ? 'swapped' : 'plain'),
  ]
}

/** `-m comment --comment TEXT`; behind a variable there is no text left, and libvirt's command is broken. Spec 3.6. */
export function lowerComment(instance: RuleInstance): readonly Argument[] {
  const match = findMatch(instance, 'comment')
  if (match === undefined) return []
  const value = match.value.kind === 'variable' ? match.shadowed : match.value
  return ['-m', 'comment', '--comment', ...(value?.kind === 'string' ? [value.text] : [])]
}
