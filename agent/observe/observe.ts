import { run } from '../exec/run.ts'
import type { BackendName } from '../link/contract.ts'
import type { Observation } from '../reconcile/observation.ts'
import { observeNft } from './observe-nft.ts'
import { parseEbtablesSave } from './parse-ebtables-save.ts'

/** What is looked at. `isTerse`: the contents of sets are left out. */
type What = { readonly backend: BackendName; readonly isTerse: boolean }

/** Reads the kernel. Throws with the tool's own words when it cannot be read. */
export async function observe(enter: readonly string[], { backend, isTerse }: What): Promise<Observation> {
  const isNft = backend === 'nftables'
  const [chains, nft, links] = await Promise.all([
    isNft ? [] : observeEbtables(enter),
    isNft ? observeNft(enter, isTerse) : undefined,
    run(['ip', '-json', 'link', 'show'], { enter }),
  ])
  if (links.status !== 0) throw new Error(`ip link show: ${links.stderr.trim()}`)
  const parsed = JSON.parse(links.stdout === '' ? '[]' : links.stdout) as readonly {
    readonly ifname: string
    readonly master?: string
  }[]
  const portDevices = parsed.filter(({ master }) => master !== undefined).map(({ ifname }) => ifname)
  return { chains, nft, portDevices }
}

async function observeEbtables(enter: readonly string[]): Promise<Observation['chains']> {
  const saved = await run(['ebtables-save', '-c'], { enter })
  if (saved.status !== 0) throw new Error(`ebtables-save: ${saved.stderr.trim()}`)
  return parseEbtablesSave(saved.stdout)
}
