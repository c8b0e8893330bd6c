import { run } from '../exec/run.ts'
import { type Finding, lack } from './finding.ts'
import { judgeNic, type Link, type NicToCheck, type PortVlans } from './judge-nic.ts'

/** What each of these NICs needs so that rules judge its frames. */
export async function lookAtNics(enter: readonly string[], nics: readonly NicToCheck[]): Promise<readonly Finding[]> {
  if (nics.length === 0) return []
  const { status, stdout, stderr } = await run(['ip', '-json', '-details', 'link', 'show'], { enter })
  if (status !== 0) return [lack('NICs', 'error', `they cannot be seen: ${stderr.trim()}`, 'apt-get install iproute2')]
  const list = JSON.parse(stdout || '[]') as readonly Link[]
  const links = new Map(list.map((link) => [link.ifname, link]))
  const filters = list.some(({ linkinfo }) => linkinfo?.info_data?.vlan_filtering === 1)
  const vlans = filters ? await readVlans(enter) : []
  const devices = { links, vlans: new Map(vlans.map((port) => [port.ifname, port])) }
  return nics.flatMap((nic) => judgeNic(nic, devices))
}

async function readVlans(enter: readonly string[]): Promise<readonly PortVlans[]> {
  const { status, stdout } = await run(['bridge', '-json', 'vlan', 'show'], { enter })
  return status === 0 ? (JSON.parse(stdout || '[]') as readonly PortVlans[]) : []
}
