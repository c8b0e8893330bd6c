import { type Finding, fine, lack } from './finding.ts'
import { readProc } from './read-proc.ts'

const FOLDER = '/proc/sys/net/bridge'
const SWITCHES = [
  'bridge-nf-call-iptables',
  'bridge-nf-call-ip6tables',
  'bridge-nf-call-arptables',
  'bridge-nf-filter-vlan-tagged',
] as const
type Switch = (typeof SWITCHES)[number]

/** The switches of br_netfilter, as they are; undefined where the module is not there. */
export type BridgeNetfilter = Readonly<Record<Switch, boolean>> | undefined

export async function readBridgeNetfilter(enter: readonly string[]): Promise<BridgeNetfilter> {
  const read = await Promise.all(
    SWITCHES.map(async (name) => [name, await readProc(`${FOLDER}/${name}`, enter)] as const),
  )
  if (read.every(([, text]) => text === undefined)) return undefined
  return Object.fromEntries(read.map(([name, text]) => [name, text === '1'])) as Record<Switch, boolean>
}

/** What the switches mean for rules. What a rule needs the agent turns on by itself, where the module is there. */
export function judgeBridgeNetfilter(switches: BridgeNetfilter): readonly Finding[] {
  if (switches === undefined)
    return [
      lack(
        'br_netfilter',
        'warning',
        'rules with states, rejects or limits of connections, and IP-layer rules of ebiptables, need it on many kernels',
        'modprobe br_netfilter; for each boot sluice agent --install --bridge-netfilter',
      ),
    ]
  return [
    fine('br_netfilter', 'is there'),
    judgeCall('bridge-nf-call-iptables', 'IPv4', switches['bridge-nf-call-iptables']),
    judgeCall('bridge-nf-call-ip6tables', 'IPv6', switches['bridge-nf-call-ip6tables']),
    fine(
      'bridge-nf-call-arptables',
      switches['bridge-nf-call-arptables']
        ? 'on: arptables judges bridged ARP too, none of our rules are there'
        : 'off',
    ),
    switches['bridge-nf-filter-vlan-tagged']
      ? fine('bridge-nf-filter-vlan-tagged', 'on: IP packets with a VLAN tag pass the hooks of IP')
      : lack(
          'bridge-nf-filter-vlan-tagged',
          'note',
          'off: IP-layer rules do not judge IP packets with a VLAN tag; a filter that lets guests send tags lets them pass',
          'drop vlan in the filter, as clean-traffic does, or sysctl -w net.bridge.bridge-nf-filter-vlan-tagged=1',
        ),
  ]
}

function judgeCall(name: Switch, version: string, isOn: boolean): Finding {
  if (isOn) return fine(name, `on: bridged ${version} packets pass the hooks of IP`)
  const detail = `off: IP-layer rules of ebiptables have no effect on bridged ${version} packets; nftables turns it on where a rule needs it`
  return lack(name, 'note', detail, `sysctl -w net.bridge.${name}=1`)
}
