import { run } from '../exec/run.ts'
import type { BackendName } from '../link/contract.ts'
import type { Observation } from '../reconcile/observation.ts'
import { observeNft } from './observe-nft.ts'
import { parseEbtablesSave } from './parse-ebtables-save.ts'
import { parseForeignChains } from './parse-foreign-chains.ts'

/** What is looked at. `isTerse`: the contents of sets are left out, and what others have. */
type What = { readonly backend: BackendName; readonly isTerse: boolean }

/** Reads the kernel. Throws with the tool's own words when it cannot be read. */
export async function observe(enter: readonly string[], { backend, isTerse }: What): Promise<Observation> {
  const isNft = backend === 'nftables'
  const [chains, nft, links, foreign, bridgeNetfilter] = await Promise.all([
    isNft ? [] : observeEbtables(enter),
    isNft ? observeNft(enter, isTerse) : undefined,
    run(['ip', '-json', 'link', 'show'], { enter }),
    isTerse || !isNft ? undefined : observeForeign(enter),
    isTerse ? undefined : observeBridgeNetfilter(enter),
  ])
  if (links.status !== 0) throw new Error(`ip link show: ${links.stderr.trim()}`)
  const parsed = JSON.parse(links.stdout === '' ? '[]' : links.stdout) as readonly {
    readonly ifname: string
    readonly ifindex: number
    readonly master?: string
  }[]
  const portDevices = parsed.filter(({ master }) => master !== undefined).map(({ ifname }) => ifname)
  const masters = new Set(parsed.map(({ master }) => master))
  const bridges = new Map(
    parsed.filter(({ ifname }) => masters.has(ifname)).map(({ ifname, ifindex }) => [ifname, ifindex]),
  )
  return { chains, nft, portDevices, bridges, foreign, bridgeNetfilter }
}

async function observeEbtables(enter: readonly string[]): Promise<Observation['chains']> {
  const saved = await run(['ebtables-save', '-c'], { enter })
  if (saved.status !== 0) throw new Error(`ebtables-save: ${saved.stderr.trim()}`)
  return parseEbtablesSave(saved.stdout)
}

/** Where nft cannot list what others have, nothing of theirs is shown. */
async function observeForeign(enter: readonly string[]): Promise<Observation['foreign']> {
  const listed = await run(['nft', '-t', 'list', 'ruleset', 'bridge'], { enter })
  return listed.status === 0 ? parseForeignChains(listed.stdout) : undefined
}

/** Without br_netfilter there are no such files, and no packet passes. */
async function observeBridgeNetfilter(enter: readonly string[]): Promise<Observation['bridgeNetfilter']> {
  const files = ['bridge-nf-call-iptables', 'bridge-nf-call-ip6tables'].map((name) => `/proc/sys/net/bridge/${name}`)
  const { stdout } = await run(['cat', ...files], { enter })
  const [ip, ip6] = stdout.split('\n')
  return [...(ip === '1' ? (['ip'] as const) : []), ...(ip6 === '1' ? (['ip6'] as const) : [])]
}
