import type { NftCapabilities } from './capabilities.ts'
import { frameOf } from './frame-of.ts'
import { hashOfParts } from './hash-of-parts.ts'
import type { HostParts } from './host-parts.ts'
import { type HostFrame, printChange } from './print-change.ts'
import { printGenerationMark, printScript } from './print-script.ts'
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
  const after = { parts, frame }
  if (parts.parts.size === 0)
    return { text: printScript({ ...frame, tables: [] }), hash: '', after: { parts, frame: { ...frame, tables: [] } } }
  const hash = hashOfParts(parts, frame)
  const isFirst = before === undefined || before.frame.tables.length === 0
  const change = isFirst ? printScript(rulesetOf(parts, capabilities)) : printChange(before, after)
  return { text: change + printGenerationMark(hash, isFirst), hash, after }
}
