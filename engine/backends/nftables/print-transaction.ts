import type { NftCapabilities } from './capabilities.ts'
import { frameOf } from './frame-of.ts'
import { markGeneration } from './generation.ts'
import { hashOfParts } from './hash-of-parts.ts'
import type { HostParts } from './host-parts.ts'
import { type HostFrame, printChange } from './print-change.ts'
import { printScript } from './print-script.ts'
import { rulesetOf } from './ruleset-of.ts'

/** One `nft -f`, and what the tables hold behind it. The hash is empty where nothing is left of them. */
export type NftTransaction = { readonly text: string; readonly hash: string; readonly after: HostFrame }

/** What brings the kernel to these NICs: from what it is known to hold by little changes, from anything else in one piece. */
export function printTransaction(
  before: HostFrame | undefined,
  parts: HostParts,
  capabilities: NftCapabilities,
): NftTransaction {
  const frame = frameOf(parts, capabilities)
  if (parts.parts.size === 0) {
    const empty = { ...frame, tables: [] }
    return { text: printScript(empty), hash: '', after: { parts, frame: empty, generations: undefined } }
  }
  const hash = hashOfParts(parts, frame)
  const known = before?.generations === undefined ? undefined : before
  const change =
    known === undefined ? printScript(rulesetOf(parts, capabilities)) : printChange(known, { parts, frame })
  const removes = /^(?:delete|flush) /m.test(change)
  const mark = markGeneration(hash, known?.generations, removes)
  return { text: change + mark.text, hash, after: { parts, frame, generations: mark.generations } }
}
