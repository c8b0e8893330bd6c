import { nftTable } from '#engine'
import type { ForeignChain } from '../link/contract.ts'

/** Names of priorities in the bridge family. nft(8), "Standard priority names". */
const PRIORITIES: Readonly<Record<string, number>> = { dstnat: -300, filter: -200, out: 100, srcnat: 300 }
const TABLE = /^table (\w+) (\S+) \{/
const HANDLE = / # handle \d+$/
const CHAIN = /^\tchain (\S+) \{/
const HOOK = /^type (?:filter|nat|route) hook (\w+)(?: device .*?)? priority ([^;]+);(?: policy (\w+);)?/
const MOST_RULES = 50
/** Where our chains stand: at the first hook of a frame, and at the last. */
const OURS: Readonly<Record<string, number>> = { prerouting: -300, postrouting: 300 }

/**
 * Reads `nft -a -t list ruleset bridge`: the base chains of other tables that have rules or do not accept, with their rules as nft prints
 * them. Chains that libvirt's driver or ebtables leave behind empty are in nobody's way and are left out.
 */
export function parseForeignChains(text: string): readonly ForeignChain[] {
  const found: ForeignChain[] = []
  let table = { family: '', name: '' }
  let chain: { name: string; lines: string[] } | undefined
  for (const line of text.split('\n')) {
    const [, family, name] = TABLE.exec(line) ?? []
    const [, chainName] = CHAIN.exec(line) ?? []
    if (family !== undefined && name !== undefined) table = { family, name }
    else if (chainName !== undefined) chain = { name: chainName, lines: [] }
    else if (line === '\t}' && chain !== undefined) {
      const foreign = table.name === nftTable ? undefined : readChain(table, chain)
      if (foreign !== undefined) found.push(foreign)
      chain = undefined
    } else if (line !== '') chain?.lines.push(line.trim())
  }
  return found
}

function readChain(
  { family, name: table }: { readonly family: string; readonly name: string },
  { name, lines }: { readonly name: string; readonly lines: readonly string[] },
): ForeignChain | undefined {
  const [first = '', ...rules] = lines
  const [, hook, words, policy = 'accept'] = HOOK.exec(first) ?? []
  if (hook === undefined || words === undefined || (rules.length === 0 && policy === 'accept')) return undefined
  const priority = readPriority(words)
  const ours = OURS[hook]
  const isAhead = ours === undefined ? true : priority <= ours
  return {
    family,
    table,
    chain: name,
    hook,
    priority,
    policy,
    isAhead,
    rules: rules.slice(0, MOST_RULES).map(withoutCounts),
  }
}

function readPriority(words: string): number {
  const [, name = '', sign, by] = /^(-?\w+)(?: ([+-]) (\d+))?$/.exec(words) ?? []
  const base = PRIORITIES[name] ?? Number(name)
  return by === undefined ? base : base + (sign === '-' ? -1 : 1) * Number(by)
}

/** What a rule has counted changes all the time, and the rule stays the same. */
function withoutCounts(rule: string): string {
  return rule.replace(HANDLE, '').replace(/counter packets \d+ bytes \d+/, 'counter')
}
