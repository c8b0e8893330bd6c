import type { IpSet, IpSetDimension } from '../../ipsets/ipset.ts'
import type { Condition } from '../../placement/condition.ts'
import type { IpVersion } from './ip-version.ts'
import { mergeRanges } from './merge-ranges.ts'
import { nameOf } from './names.ts'
import type { NftField } from './nft-field.ts'
import { type Alternatives, one, type Refusal, refuse } from './pieces.ts'
import type { NftSet, NftValue } from './ruleset.ts'

/** The sets that rules may look into, by the name that filters give them. */
export type IpSets = ReadonlyMap<string, IpSet>
type SetCondition = Extract<Condition, { kind: 'set' }>

const PREFIX = 'ipset.'

/** Whether a packet is in a set, as xt_set sees it: by one side of the packet for each dimension. */
export function lowerIpset(condition: SetCondition, sets: IpSets, version: IpVersion): Alternatives | Refusal {
  const { name, sides, reversed, negated } = condition
  const [text, words] = [name, sides].map((operand) => (operand.kind === 'literal' ? operand.value : undefined))
  if (text?.kind !== 'string' || words?.kind !== 'ipset-flags')
    return refuse('NWF319', 'the set has no name, or no sides')
  const set = sets.get(text.text)
  if (set === undefined)
    return refuse('NWF371', `there is no set ${text.text} of ours, and nftables does not see the ipsets of the kernel`)
  if (nftSetOf(set) === 'overlap') return refuse('NWF374', `entries of the set ${set.name} overlap in some parts only`)
  if (set.family !== undefined && set.family !== version)
    return refuse('NWF371', `the set ${set.name} holds addresses of the other IP version`)
  // With fewer sides than dimensions xt_set matches nothing, and tells nobody.
  if (words.sides.length < set.dimensions.length)
    return refuse(
      'NWF371',
      `an entry of the set ${set.name} has ${set.dimensions.length} parts, and ipsetflags names fewer sides`,
    )
  const fields = set.dimensions.flatMap((dimension, at) =>
    fieldsOf(dimension, (words.sides[at] === 'src') !== reversed, version),
  )
  const hasPort = set.dimensions.includes('port')
  if (hasPort && negated) return refuse('NWF372', 'a set with ports that a packet must not be in')
  const lookup = { kind: 'lookup', fields, op: negated ? '!=' : '==', set: nftNameOf(set) } as const
  // ipset finds no port in a later fragment.
  return hasPort ? one({ kind: 'has-transport-header' }, lookup) : one(lookup)
}

const known = new WeakMap<IpSet, NftSet | 'overlap'>()

/** The set of nftables that stands for an ipset; `overlap` where entries of several dimensions cannot stand side by side. */
export function nftSetOf(set: IpSet): NftSet | 'overlap' {
  const before = known.get(set)
  if (before !== undefined) return before
  const { dimensions, entries, name } = set
  const fields = dimensions.flatMap((dimension) => fieldsOf(dimension, true, set.family ?? 'ip'))
  const keys = entries.map((entry) =>
    entry.map((value): NftValue => (typeof value === 'string' ? value : { kind: 'range', ...value })),
  )
  // Single values overlap only where they are equal.
  const isPlain = entries.every((entry) => entry.every((value) => typeof value === 'string'))
  const apart = isPlain ? [...new Map(keys.map((key) => [key.join(' '), key])).values()] : mergeRanges(fields, keys)
  const found: NftSet | 'overlap' =
    apart === undefined
      ? 'overlap'
      : {
          name: nftNameOf(set),
          kind: 'set',
          fields,
          interval: !dimensions.every((dimension) => dimension === 'mac'),
          dynamic: false,
          comment: `ipset ${name}`.replace(/[^ -~]|["\\]/g, '_'),
          elements: apart.map((key) => ({ key })),
        }
  known.set(set, found)
  return found
}

/** Another type is another set: its keys mean something else. */
function nftNameOf({ name, family, dimensions }: IpSet): string {
  return `${PREFIX}${nameOf(name)}.${[family, ...dimensions].filter((part) => part !== undefined).join('-')}`
}

function fieldsOf(dimension: IpSetDimension, isSource: boolean, version: IpVersion): readonly NftField[] {
  switch (dimension) {
    case 'mac':
      return [isSource ? 'ether saddr' : 'ether daddr']
    case 'port':
      return ['meta l4proto', isSource ? 'th sport' : 'th dport']
    default:
      return version === 'ip' ? [isSource ? 'ip saddr' : 'ip daddr'] : [isSource ? 'ip6 saddr' : 'ip6 daddr']
  }
}
