import { existsSync, readFileSync } from 'node:fs'
import { run } from '../exec/run.ts'
import type { BackendName } from '../link/contract.ts'
import type { Observation } from '../reconcile/observation.ts'
import { observeNft } from './observe-nft.ts'
import { parseEbtablesSave } from './parse-ebtables-save.ts'

/**
 * What is looked at. `isTerse`: the contents of sets are left out. `withLinks`: network devices too, of which
 * one hears when they change.
 */
type What = { readonly backend: BackendName; readonly isTerse: boolean; readonly withLinks: boolean }

/** Reads the kernel. Throws with the tool's own words when it cannot be read. */
export async function observe(enter: readonly string[], { backend, isTerse, withLinks }: What): Promise<Observation> {
  const isNft = backend === 'nftables'
  const [chains, tables, links, bridgeNetfilter] = await Promise.all([
    isNft ? [] : observeEbtables(enter),
    isNft ? observeNft(enter, isTerse) : undefined,
    withLinks ? observeLinks(enter) : { portDevices: undefined, bridges: undefined },
    isTerse && enter.length > 0 ? undefined : observeBridgeNetfilter(enter),
  ])
  return { chains, nft: tables?.nft, foreign: tables?.foreign, ...links, bridgeNetfilter }
}

async function observeLinks(enter: readonly string[]): Promise<Pick<Observation, 'portDevices' | 'bridges'>> {
  const links = await run(['ip', '-json', 'link', 'show'], { enter })
  if (links.status !== 0) throw new Error(`ip link show: ${links.stderr.trim()}`)
  const parsed = JSON.parse(links.stdout === '' ? '[]' : links.stdout) as readonly {
    readonly ifname: string
    readonly ifindex: number
    readonly master?: string
  }[]
  // Nothing can be bound to a device that is called like what every object has.
  const portDevices = parsed
    .filter(({ ifname, master }) => master !== undefined && !(ifname in {}))
    .map(({ ifname }) => ifname)
  const masters = new Set(parsed.map(({ master }) => master))
  const bridges = parsed
    .filter(({ ifname }) => masters.has(ifname))
    .map(({ ifname, ifindex }) => [ifname, ifindex] as const)
  return { portDevices, bridges: new Map(bridges) }
}

async function observeEbtables(enter: readonly string[]): Promise<Observation['chains']> {
  const saved = await run(['ebtables-save', '-c'], { enter })
  if (saved.status !== 0) throw new Error(`ebtables-save: ${saved.stderr.trim()}`)
  return parseEbtablesSave(saved.stdout)
}

const SWITCHES = ['bridge-nf-call-iptables', 'bridge-nf-call-ip6tables'] as const

/** Without br_netfilter there are no such files, and no packet passes. */
async function observeBridgeNetfilter(enter: readonly string[]): Promise<Observation['bridgeNetfilter']> {
  const [ip, ip6] = await Promise.all(SWITCHES.map((name) => readIn(enter, `/proc/sys/net/bridge/${name}`)))
  return [...(ip === '1' ? (['ip'] as const) : []), ...(ip6 === '1' ? (['ip6'] as const) : [])]
}

/** A file of another namespace is read by a program in it; in this one that would cost more than it says. */
async function readIn(enter: readonly string[], file: string): Promise<string> {
  if (enter.length > 0) return (await run(['cat', file], { enter })).stdout.trim()
  return existsSync(file) ? readFileSync(file, 'utf8').trim() : ''
}
