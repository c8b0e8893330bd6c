import type { Dialect } from '../dialects/dialect.ts'
import type { Attribute, Protocol } from '../protocols/protocol.ts'
import { type DecodeContext, say } from './decode-context.ts'
import type { Match } from './filter.ts'
import { findIn } from './found-matches.ts'

/**
 * The matches in the order of the table, each with the negation that counts: in libvirt some attributes take that of another,
 * in strict only masks and ends take that of what they belong to. A negation that gets lost is told. Spec 2.9.
 */
export function fixNegations(protocol: Protocol, found: readonly Match[], context: DecodeContext): readonly Match[] {
  const { placeOf, byName } = protocol
  const matches = found.length > 1 ? found.toSorted((a, b) => placeIn(placeOf, a) - placeIn(placeOf, b)) : found
  let fixed: Match[] | undefined
  for (const [at, match] of matches.entries()) {
    const attribute = byName.get(match.attribute)
    if (attribute === undefined) continue
    const negated = negationOf(attribute, match, found, context.dialect)
    if (negated === match.negated) continue
    sayLost(attribute, match, context)
    fixed ??= [...matches]
    fixed[at] = { ...match, negated }
  }
  return fixed ?? matches
}

function placeIn(placeOf: Protocol['placeOf'], { attribute }: Match): number {
  return placeOf.get(attribute) ?? -1
}

function negationOf(
  { negatedLike, belongsTo }: Attribute,
  match: Match,
  found: readonly Match[],
  dialect: Dialect,
): boolean {
  const like = dialect === 'libvirt' || negatedLike === belongsTo ? negatedLike : belongsTo
  return like === undefined ? match.negated : (findIn(found, like)?.negated ?? false)
}

function sayLost({ name, negatedLike, belongsTo }: Attribute, match: Match, context: DecodeContext): void {
  const isLibvirt = context.dialect === 'libvirt'
  const owner = isLibvirt ? negatedLike : belongsTo
  const code = belongsTo === undefined ? 'NWF326' : 'NWF327'
  const message = match.negated
    ? `The negation of ${name} is lost: ${isLibvirt ? 'libvirt negates it' : 'it is negated'} only together with ${owner}.`
    : `${name} is negated although it does not say so: ${isLibvirt ? 'libvirt negates it' : 'it is negated'} together with ${owner}.`
  say(context, code, match.span, message)
}
