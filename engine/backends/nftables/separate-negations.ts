import { fieldInfo, type NftField } from './nft-field.ts'
import { writeBits } from './nft-value.ts'
import type { NftMatch } from './ruleset.ts'

/**
 * The same conditions, written so that nft does not join them: nft 1.0.6 makes one comparison of neighbouring fields that must both
 * differ, and a frame then matches where one of them does. A mask of ones changes nothing but that.
 */
export function separateNegations(matches: readonly NftMatch[]): readonly NftMatch[] {
  let seen = false
  return matches.map((match) => {
    if (match.kind !== 'compare' || match.op !== '!=' || typeof match.value !== 'string') return match
    const mask = seen ? allOnes(match.field) : undefined
    seen = true
    return mask === undefined ? match : { kind: 'masked', field: match.field, mask, op: '!=', value: match.value }
  })
}

/** Undefined for what is no whole bytes of the packet: nft joins none of it. */
function allOnes(field: NftField): string | undefined {
  const { base, bits } = fieldInfo(field)
  return base === 'meta' || bits % 8 !== 0 ? undefined : writeBits(field, (1n << BigInt(bits)) - 1n)
}
