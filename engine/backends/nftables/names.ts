import type { Rule } from '../../nwfilter/filter.ts'
import type { IpSide } from '../../placement/placement.ts'
import { shortHash } from './short-hash.ts'

/** Names of ours stay far below the kernel's limit, so that endings still fit. */
const LONGEST = 48
const HASH_DIGITS = 6

/**
 * A text as part of a name of nft: letters, digits and `_ . -`, beginning with a letter. What had to be changed or cut gets a hash,
 * so that different texts never share a name.
 */
export function nameOf(text: string): string {
  const plain = text.replace(/[^A-Za-z0-9_.-]/g, '_').replace(/^(?![A-Za-z])/, 'f')
  if (plain === text && text.length <= LONGEST) return text
  return `${plain.slice(0, LONGEST)}.${shortHash(text).slice(-HASH_DIGITS)}`
}

/** The guest's view of a side, as filters write it. */
export function directionOf(side: IpSide): 'in' | 'out' {
  return side === 'to-guest' ? 'in' : 'out'
}

/** What a rule says, without where it stands: its counter lives as long as this stays the same. */
export function hashOfRule({ action, direction, rulePriority, statematch, protocol, matches, states }: Rule): string {
  const said = matches.map(({ attribute, value, negated }) => [attribute, value, negated])
  return shortHash(JSON.stringify([action, direction, rulePriority, statematch, protocol, said, states])).slice(
    -HASH_DIGITS,
  )
}
