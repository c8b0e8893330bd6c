import { nftTable } from '#engine'
import type { BridgeNetfilter } from './bridge-netfilter.ts'
import { type Finding, fine, lack } from './finding.ts'
import type { ListedChain } from './read-chains.ts'

/** Where our first chain stands; what is ahead sees frames that ours do not. */
const OUR_PRIORITY = -300
const MOST_NAMED = 5

/** What chains of others mean for our rules. */
export function judgeChains(
  chains: readonly ListedChain[] | undefined,
  bridgeNetfilter: BridgeNetfilter,
): readonly Finding[] {
  if (chains === undefined)
    return [
      lack(
        'chains of others',
        'note',
        'nft cannot list them: this user may not look, or nft was built without JSON',
        'run as root',
      ),
    ]
  const others = chains.filter(({ hook, table }) => hook !== undefined && table !== nftTable)
  return [
    judgeAhead(others),
    ...judgeBridgePolicies(others),
    ...judgeForward(chains, 'IPv4', 'ip', bridgeNetfilter?.['bridge-nf-call-iptables'] ?? false),
    ...judgeForward(chains, 'IPv6', 'ip6', bridgeNetfilter?.['bridge-nf-call-ip6tables'] ?? false),
    ...judgeLibvirt(chains),
  ]
}

function judgeAhead(others: readonly ListedChain[]): Finding {
  const name = 'chains ahead of ours'
  const ahead = others.filter(
    ({ family, hook, prio = 0 }) =>
      (family === 'netdev' && hook === 'ingress') ||
      (family === 'bridge' && hook === 'prerouting' && prio < OUR_PRIORITY),
  )
  if (ahead.length === 0) return fine(name, `none before priority ${OUR_PRIORITY} of the bridge`)
  const drops = ahead.some(({ policy }) => policy === 'drop')
  const detail = `${namesOf(ahead)}: ${drops ? 'drop' : 'may drop or change'} frames before our rules see them`
  return lack(name, drops ? 'warning' : 'note', detail, commandsOf(ahead))
}

function judgeBridgePolicies(others: readonly ListedChain[]): readonly Finding[] {
  const dropping = others.filter(
    ({ family, hook, prio = 0, policy }) =>
      family === 'bridge' && policy === 'drop' && !(hook === 'prerouting' && prio < OUR_PRIORITY),
  )
  if (dropping.length === 0) return []
  const detail = `${namesOf(dropping)}: policy drop, what our rules let pass is dropped unless it is accepted there too`
  return [lack('policy of other bridge chains', 'warning', detail, commandsOf(dropping))]
}

function judgeForward(
  chains: readonly ListedChain[],
  version: string,
  family: 'ip' | 'ip6',
  isCalled: boolean,
): readonly Finding[] {
  const dropping = chains.filter(
    (chain) => chain.hook === 'forward' && chain.policy === 'drop' && [family, 'inet'].includes(chain.family),
  )
  if (dropping.length === 0) return []
  const docker = chains.some((chain) => chain.family === family && chain.name === 'DOCKER-USER')
    ? ', set by Docker'
    : ''
  const consequence = isCalled
    ? 'bridged packets pass it, and are dropped unless a rule there accepts them'
    : 'bridged packets will be dropped when bridge-nf-call is turned on, as rules with states do'
  // The place behind all rules: what others say before stays said.
  const tool = family === 'ip' ? 'iptables' : 'ip6tables'
  const remedies = dropping.map((chain) =>
    chain.table === 'filter' && chain.name === 'FORWARD'
      ? `${tool} -A FORWARD -m physdev --physdev-is-bridged -j ACCEPT`
      : `accept the addresses of guests: ${commandsOf([chain])}`,
  )
  const detail = `drop in ${namesOf(dropping)}${docker}: ${consequence}`
  return [
    lack(`forward policy of ${version}`, isCalled ? 'warning' : 'note', detail, [...new Set(remedies)].join('; ')),
  ]
}

/** Chains of the backend ebiptables have the same names: which of the two made them cannot be seen. */
function judgeLibvirt(chains: readonly ListedChain[]): readonly Finding[] {
  const devices = new Set(
    chains.flatMap(({ family, name }) => {
      const device = family === 'bridge' ? /^libvirt-[IO]-(.+)$/.exec(name)?.[1] : undefined
      return device === undefined ? [] : [device]
    }),
  )
  if (devices.size === 0) return []
  const isDouble = chains.some(({ family, table }) => family === 'bridge' && table === nftTable)
  const detail = `${devices.size} NICs have chains called as libvirt calls them (${shorten([...devices])})`
  return [
    lack(
      'chains of libvirt',
      isDouble ? 'warning' : 'note',
      isDouble ? `${detail}: both they and ours judge` : `${detail}: of libvirtd, or of the backend ebiptables`,
      'where libvirtd made them: virsh nwfilter-binding-delete PORTDEV, for each NIC that Sluice guards',
    ),
  ]
}

function namesOf(chains: readonly ListedChain[]): string {
  return shorten(chains.map(({ family, table, name, hook, prio }) => `${family} ${table} ${name} (${hook} ${prio})`))
}

function commandsOf(chains: readonly ListedChain[]): string {
  return shorten(
    chains.map(({ family, table, name }) => `nft list chain ${family} ${table} ${name}`),
    '; ',
  )
}

function shorten(names: readonly string[], by = ', '): string {
  const more = names.length - MOST_NAMED
  return [...names.slice(0, MOST_NAMED), ...(more > 0 ? [`${more} more`] : [])].join(by)
}
