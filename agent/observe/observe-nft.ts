import { nftTable } from '#engine'
import { run } from '../exec/run.ts'
import type { NftObservation } from '../reconcile/observation.ts'
import { parseNftList } from './parse-nft-list.ts'

const NOTHING: NftObservation = { generation: undefined, chains: [], counters: [], devices: new Map() }

/** Reads our table; without the contents of its sets that costs the same for one NIC and for thousands. */
export async function observeNft(enter: readonly string[], isTerse: boolean): Promise<NftObservation> {
  const listed = await run(['nft', ...(isTerse ? ['-t'] : []), 'list', 'table', 'bridge', nftTable], { enter })
  if (listed.status === 0) return parseNftList(listed.stdout, isTerse)
  if (listed.stderr.includes('No such file or directory')) return NOTHING
  throw new Error(`nft list: ${listed.stderr.trim()}`)
}
