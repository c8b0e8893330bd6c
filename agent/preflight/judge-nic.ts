import { type Finding, fine, lack } from './finding.ts'

/** A device as `ip --json -d link show` gives it. */
export type Link = {
  readonly ifname: string
  readonly address?: string
  readonly master?: string
  readonly flags?: readonly string[]
  readonly linkinfo?: {
    readonly info_kind?: string
    readonly info_data?: { readonly vlan_filtering?: number }
    readonly info_slave_kind?: string
    readonly info_slave_data?: { readonly hairpin?: boolean; readonly isolated?: boolean }
  }
}
/** The VLANs of a port, as `bridge --json vlan show` gives them. */
export type PortVlans = {
  readonly ifname: string
  readonly vlans?: readonly { readonly vlan: number; readonly vlanEnd?: number; readonly flags?: readonly string[] }[]
}
/** A NIC that is asked about; its guest's MAC address where that is known. */
export type NicToCheck = { readonly portDevice: string; readonly mac?: string }
/** What the host says about its devices. */
export type Devices = { readonly links: ReadonlyMap<string, Link>; readonly vlans: ReadonlyMap<string, PortVlans> }

/** Devices whose frames pass no bridge, wherever they are attached. */
const WITHOUT_BRIDGE = ['macvtap', 'macvlan', 'ipvtap', 'ipvlan']

/** What a NIC needs so that rules judge its frames, and what about its port is not as usual. */
export function judgeNic({ portDevice, mac }: NicToCheck, devices: Devices): readonly Finding[] {
  const link = devices.links.get(portDevice)
  const obstacle = judgePort(portDevice, link, devices)
  const more = link === undefined || !obstacle.ok ? [] : [...judgeSwitches(link, devices), ...judgeMac(link, mac)]
  return [obstacle, ...more].map((finding) => ({ ...finding, portDevice }))
}

function judgePort(portDevice: string, link: Link | undefined, { links }: Devices): Finding {
  const name = 'port of a bridge'
  const refuse = (detail: string, remedy: string) => lack(name, 'error', detail, remedy)
  if (link === undefined) return lack(name, 'note', 'there is no such device now', `ip link show ${portDevice}`)
  const kind = link.linkinfo?.info_kind ?? ''
  const master = link.master
  const attach = `ip link set ${portDevice} master BRIDGE`
  if (WITHOUT_BRIDGE.includes(kind))
    return refuse(
      `frames of ${kind} pass no bridge: no rule can judge them`,
      'give the guest a tap on a bridge (<interface type="bridge">)',
    )
  if (master === undefined) return refuse('it is no port of a bridge: no rule sees its frames', attach)
  const slave = link.linkinfo?.info_slave_kind ?? links.get(master)?.linkinfo?.info_kind
  if (slave === 'openvswitch')
    return refuse(
      'its bridge is Open vSwitch, which asks no rules of the kernel’s bridge',
      `ovs-vsctl del-port ${portDevice}; ${attach}`,
    )
  if (slave !== 'bridge')
    return refuse(`${master} is no bridge but ${slave ?? 'of an unknown kind'}: no rule sees its frames`, attach)
  if (link.flags !== undefined && !link.flags.includes('UP'))
    return lack(name, 'note', `of ${master}, and down`, `ip link set ${portDevice} up`)
  return fine(name, `of ${master}`)
}

function judgeSwitches(link: Link, { links, vlans }: Devices): readonly Finding[] {
  const { ifname, master = '', linkinfo } = link
  const found: Finding[] = []
  if (linkinfo?.info_slave_data?.hairpin === true)
    found.push(
      lack(
        'hairpin',
        'note',
        'on: frames may go back to where they came from, and pass the rules of both sides',
        `ip link set ${ifname} type bridge_slave hairpin off`,
      ),
    )
  if (linkinfo?.info_slave_data?.isolated === true)
    found.push(
      lack(
        'isolation',
        'note',
        'on: the bridge itself keeps it from other isolated ports, whatever rules accept',
        `ip link set ${ifname} type bridge_slave isolated off`,
      ),
    )
  if (links.get(master)?.linkinfo?.info_data?.vlan_filtering === 1)
    found.push(
      lack(
        'VLAN filtering',
        'note',
        `${master} filters VLANs, ${tellVlans(vlans.get(ifname))}; rules see a frame of the PVID without its tag`,
        `bridge vlan show dev ${ifname}`,
      ),
    )
  return found
}

function tellVlans(port: PortVlans | undefined): string {
  const vlans = port?.vlans ?? []
  const tell = ({ vlan, vlanEnd }: (typeof vlans)[number]) => (vlanEnd === undefined ? `${vlan}` : `${vlan}-${vlanEnd}`)
  const isUntagged = ({ flags = [] }: (typeof vlans)[number]) => flags.some((flag) => flag.endsWith('Untagged'))
  const pvid = vlans.find(({ flags = [] }) => flags.includes('PVID'))
  const tagged = vlans.filter((vlan) => !isUntagged(vlan)).map(tell)
  return `${pvid === undefined ? 'no PVID' : `PVID ${tell(pvid)}`}, ${tagged.length === 0 ? 'nothing tagged' : `tagged ${tagged.join(' ')}`}`
}

function judgeMac({ ifname, address, linkinfo }: Link, guest: string | undefined): readonly Finding[] {
  const name = 'MAC of the tap'
  const remedy = `ip link set ${ifname} address fe:${(guest ?? address ?? '').slice(3)}`
  if (address === undefined || linkinfo?.info_kind !== 'tun') return []
  if (address === guest?.toLowerCase())
    return [
      lack(name, 'warning', `${address} is the guest’s own: the bridge keeps frames for the guest to itself`, remedy),
    ]
  if (address.startsWith('fe:')) return []
  const detail = `${address} does not begin with fe: the bridge may take it as its own address, and change it with each guest`
  return [lack(name, 'note', detail, remedy)]
}
