import { compileNftables, type IpSet, LEAST_CAPABILITIES, type NftablesRuleset, printScript } from '#engine'
import { run } from '../../agent/exec/run.ts'
import type { BoundFilter } from './compile-ruleset.ts'

/** A bound filter for nftables; a text says why not. */
export function compileNft(
  { filters, binding, dialect }: BoundFilter,
  ipsets: ReadonlyMap<string, IpSet> = new Map(),
): NftablesRuleset | string {
  const input = { filters, bindings: [binding], dialect, lineOf: () => 1 }
  const { ruleset, found } = compileNftables(input, { capabilities: LEAST_CAPABILITIES, observed: new Set(), ipsets })
  const error = found.find(({ severity }) => severity === 'error')
  return error === undefined ? ruleset : `${error.code} ${error.message}`
}

/** Brings the namespace that `enter` leads to to a ruleset, with br_netfilter where it is needed and nowhere else. */
export async function loadNftables(ruleset: NftablesRuleset, enter: readonly string[]): Promise<string | undefined> {
  for (const [version, tool] of [
    ['ip', 'iptables'],
    ['ip6', 'ip6tables'],
  ] as const) {
    const file = `/proc/sys/net/bridge/bridge-nf-call-${tool}`
    const { status, stderr } = await run(['tee', file], {
      enter,
      input: ruleset.bridgeNetfilter.includes(version) ? '1' : '0',
    })
    if (status !== 0) return stderr
  }
  const { status, stderr } = await run(['nft', '-f', '-'], { enter, input: printScript(ruleset) })
  return status === 0 ? undefined : stderr
}
