import type { Protocol } from '../protocols/protocol.ts'
import { type DecodeContext, removalFix, say } from './decode-context.ts'
import type { Match } from './filter.ts'

/**
 * What libvirt's fix-up makes of ipset and ipsetflags: outside of all and all-ipv6 a complete pair is erased, a set without
 * flags gets src and can never be instantiated, and flags alone vanish. strict gives a set without flags src everywhere,
 * as documented. Spec 2.8.
 */
export function fixSets(protocol: Protocol, found: Map<string, Match>, context: DecodeContext): void {
  const set = found.get('ipset')
  const flags = found.get('ipsetflags')
  if (set === undefined) {
    if (flags !== undefined && protocol.losesSets) {
      say(
        context,
        'NWF315',
        flags.span,
        'ipsetflags has no effect without ipset; libvirt ignores it.',
        removalFix({ name: 'ipsetflags', span: flags.attributeSpan }),
      )
      found.delete('ipsetflags')
    }
    return
  }
  if (flags === undefined) {
    if (protocol.losesSets || context.dialect === 'strict') found.set('ipsetflags', sourceFlags(set))
    if (protocol.losesSets)
      say(
        context,
        'NWF323',
        set.span,
        // Nothing to offer: with flags libvirt erases the set, and the rule matches everybody.
        'libvirt cannot instantiate an ipset without ipsetflags here: “Unexpected enum value 0”.',
      )
    else
      say(
        context,
        'NWF324',
        set.span,
        'libvirt drops this match: without ipsetflags the set is left out, and the rule matches everybody.',
        addFlags(set),
      )
    return
  }
  if (!protocol.losesSets) return
  say(
    context,
    'NWF322',
    set.span,
    `libvirt drops this match: in <${protocol.name}> it erases ipset with ipsetflags, and the rule matches everybody.`,
  )
  if (context.dialect === 'strict') return
  found.delete('ipset')
  found.delete('ipsetflags')
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
