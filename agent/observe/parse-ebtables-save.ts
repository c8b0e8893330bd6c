import type { KernelChain } from '../link/contract.ts'

const RULE = /^\[(\d+):(\d+)\] -A (\S+) ?(.*)$/

/**
 * Reads `ebtables-save -c`: the chains of table nat in the order printed, each rule without its chain. That listing is
 * preferred to `nft list`, which drops parts of ebtables' matches.
 */
export function parseEbtablesSave(text: string): readonly KernelChain[] {
  const chains = new Map<string, { text: string; packets: number; bytes: number }[]>()
  let inNat = false
  for (const line of text.split('\n')) {
    if (line.startsWith('*')) inNat = line === '*nat'
    if (!inNat) continue
    if (line.startsWith(':')) chains.set(line.slice(1, line.indexOf(' ')), [])
    const [, packets, bytes, chain = '', rule = ''] = RULE.exec(line) ?? []
    if (packets !== undefined)
      chains.get(chain)?.push({ text: rule.trim(), packets: Number(packets), bytes: Number(bytes) })
  }
  return [...chains].map(([name, rules]) => ({ name, rules }))
}
