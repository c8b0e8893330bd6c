import { run } from '../../agent/exec/run.ts'

/** Our nftables table as nft lists it, without counters; empty where it is not there. */
export async function nftText(enter: readonly string[]): Promise<string> {
  return (await run(['nft', '-s', 'list', 'table', 'bridge', 'sluice'], { enter })).stdout
}
