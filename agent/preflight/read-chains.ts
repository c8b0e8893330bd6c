import { run } from '../exec/run.ts'

/** A chain of nf_tables as `nft --json list chains` gives it; with a hook it is a base chain. libnftables-json(5) */
export type ListedChain = {
  readonly family: string
  readonly table: string
  readonly name: string
  readonly hook?: string
  readonly prio?: number
  readonly policy?: string
}

/** Every chain of everybody, without rules; undefined where they may not be read. */
export async function readChains(enter: readonly string[]): Promise<readonly ListedChain[] | undefined> {
  const { status, stdout } = await run(['nft', '--json', 'list', 'chains'], { enter })
  if (status !== 0) return undefined
  const { nftables = [] } = JSON.parse(stdout || '{}') as { nftables?: readonly { readonly chain?: ListedChain }[] }
  return nftables.flatMap(({ chain }) => (chain === undefined ? [] : [chain]))
}
