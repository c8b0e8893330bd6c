import type { NftField } from '../../backends/nftables/nft-field.ts'
import type { NftElement, NftSet } from '../../backends/nftables/ruleset.ts'
import type { NftFieldValue, NftPacket } from './nft-packet.ts'
import { isExact, parseValue, testValue, type ValueTest } from './nft-value-test.ts'
import { type NftReader, readNftField } from './read-nft-field.ts'

type Candidate = { readonly tests: readonly ValueTest[]; readonly element: NftElement }
/** Finds the element that fields are; `unreadable` where one of them is not there. */
export type Lookup = (packet: NftPacket) => NftElement | 'unreadable' | undefined

/**
 * The elements of a set, ready to be looked up by fields of a packet. Elements are found by those parts of their keys that are single
 * values in all of them; ranges and prefixes are tried one after another.
 */
export function compileSet({ fields: types, elements }: NftSet): (fields: readonly NftField[]) => Lookup {
  const exact = types.map((field, at) =>
    elements.every(({ key }) => {
      const value = key[at]
      return value !== undefined && isExact(field, value)
    }),
  )
  const buckets = new Map<string, Candidate[]>()
  for (const element of elements) {
    const parts = types.map((field, at) => ({ field, value: element.key[at] ?? '', isExact: exact[at] === true }))
    const key = parts
      .map(({ field, value, isExact }) => (isExact && typeof value === 'string' ? `${parseValue(field, value)}` : ''))
      .join(' ')
    const tests = parts.filter((part) => !part.isExact).map(({ field, value }) => testValue(field, value))
    const bucket = buckets.get(key) ?? []
    bucket.push({ tests, element })
    buckets.set(key, bucket)
  }
  return (fields) => {
    const readers = fields.map(readNftField)
    return (packet) => find(packet, readers, exact, buckets)
  }
}

function find(
  packet: NftPacket,
  readers: readonly NftReader[],
  exact: readonly boolean[],
  buckets: ReadonlyMap<string, readonly Candidate[]>,
): ReturnType<Lookup> {
  let key = ''
  const others: NftFieldValue[] = []
  for (const [at, read] of readers.entries()) {
    const value = read(packet)
    if (value === undefined) return 'unreadable'
    if (at > 0) key += ' '
    if (exact[at]) key += value
    else others.push(value)
  }
  const bucket = buckets.get(key)
  return bucket?.find(({ tests }) => tests.every((test, at) => test(others[at] ?? '')))?.element
}
