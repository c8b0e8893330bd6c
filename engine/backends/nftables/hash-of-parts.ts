import type { HostParts, NicPart } from './host-parts.ts'
import { printTable } from './print-table.ts'
import type { NftablesRuleset, NftValue } from './ruleset.ts'
import { hashInto, newHash, shortHash, type TextHash, wordsOf } from './short-hash.ts'

/** A hash of everything in the tables: of their frame, and of what each NIC adds, in any order. */
export function hashOfParts({ parts }: HostParts, frame: NftablesRuleset): string {
  let [high, low] = [0, 0]
  for (const { hash } of parts.values()) {
    high ^= hash[0]
    low ^= hash[1]
  }
  return shortHash(`${frame.tables.map(printTable).join('\n')}${high} ${low}`)
}

/**
 * A hash of what a NIC adds. Large hosts have many, so what the name of the group says already is left out: the sets, and where
 * their elements lead.
 */
export function hashOfPart({ nic, group, elements }: Pick<NicPart, 'nic' | 'group' | 'elements'>): NicPart['hash'] {
  const hash = newHash()
  hashLine(hash, nic.binding.portDevice)
  hashLine(hash, group.name)
  for (const list of elements.values()) {
    hashLine(hash, '')
    for (const { key } of list) for (let at = 1; at < key.length; at += 1) hashLine(hash, textOf(key[at] ?? ''))
  }
  return wordsOf(hash)
}

function textOf(value: NftValue): string {
  return typeof value === 'string' ? value : JSON.stringify(value)
}

function hashLine(hash: TextHash, text: string): void {
  hashInto(hash, text)
  hashInto(hash, '\n')
}
