import type { HostParts, NicPart } from './host-parts.ts'
import { printTable } from './print-table.ts'
import type { NftablesRuleset } from './ruleset.ts'
import { shortHash } from './short-hash.ts'

const HALF = 7
const known = new WeakMap<NicPart, string>()

/** A hash of everything in the tables: of their frame, and of what each NIC adds, in any order. */
export function hashOfParts({ parts }: HostParts, frame: NftablesRuleset): string {
  let [high, low] = [0, 0]
  for (const part of parts.values()) {
    const hash = hashOfPart(part)
    high ^= Number.parseInt(hash.slice(0, HALF), 16)
    low ^= Number.parseInt(hash.slice(HALF), 16)
  }
  const nics = [high, low].map((half) => half.toString(16).padStart(HALF, '0')).join('')
  return shortHash(`${frame.tables.map(printTable).join('\n')}${nics}`)
}

function hashOfPart(part: NicPart): string {
  const before = known.get(part)
  if (before !== undefined) return before
  const { nic, group, elements } = part
  const hash = shortHash(JSON.stringify([nic.binding.portDevice, group.name, [...group.entries], [...elements]]))
  known.set(part, hash)
  return hash
}
