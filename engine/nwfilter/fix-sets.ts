import type { Protocol } from '../protocols/protocol.ts'
import { type DecodeContext, removalFix, say } from './decode-context.ts'
import type { Match } from './filter.ts'
import { dropFrom, type FoundMatches, findIn, putInto } from './found-matches.ts'

/**
 * What libvirt's fix-up makes of ipset and ipsetflags: outside of all and all-ipv6 a complete pair is erased, a set without
 * flags gets src and can never be instantiated, and flags alone vanish. strict gives a set without flags src everywhere,
 * as documented. Spec 2.8.
 */
export function fixSets(protocol: Protocol, found: FoundMatches, context: DecodeContext): void {
  const set = findIn(found, 'ipset')
  const flags = findIn(found, 'ipsetflags')
  if (set === undefined) {
    if (flags === undefined || !protocol.losesSets) return
    sayAlone(flags, context)
    dropFrom(found, 'ipsetflags')
  } else if (flags === undefined) {
    if (protocol.losesSets || context.dialect === 'strict') putInto(found, sourceFlags(set))
    sayWithoutFlags(set, protocol, context)
  } else if (protocol.losesSets) {
    const message = `libvirt drops this match: in <${protocol.name}> it erases ipset with ipsetflags, and the rule matches everybody.`
    say(context, 'NWF322', set.span, message)
    if (context.dialect === 'strict') return
    dropFrom(found, 'ipset')
    dropFrom(found, 'ipsetflags')
  }
}

function sayAlone({ span, attributeSpan }: Match, context: DecodeContext): void {
  const message = 'ipsetflags has no effect without ipset; libvirt ignores it.'
  say(context, 'NWF315', span, message, removalFix({ name: 'ipsetflags', span: attributeSpan }))
}

/** Where libvirt erases a set with flags there is nothing to offer: the rule would match everybody. */
function sayWithoutFlags(set: Match, { losesSets }: Protocol, context: DecodeContext): void {
  if (losesSets) {
    const message = 'libvirt cannot instantiate an ipset without ipsetflags here: “Unexpected enum value 0”.'
    say(context, 'NWF323', set.span, message)
    return
  }
  const message = 'libvirt drops this match: without ipsetflags the set is left out, and the rule matches everybody.'
  say(context, 'NWF324', set.span, message, addFlags(set))
}

function sourceFlags(set: Match): Match {
  return {
    ...set,
    attribute: 'ipsetflags',
    negated: false,
    value: { kind: 'ipset-flags', sides: ['src'] },
    shadowed: undefined,
  }
}

function addFlags({ attributeSpan: { end } }: Match) {
  return [{ title: 'Add ipsetflags src', span: { start: end, end }, text: " ipsetflags='src'" }]
}
