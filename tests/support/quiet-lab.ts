import { run } from '../../agent/exec/run.ts'
import { enterGuest, enterHost, LAB_GUESTS, type Lab } from '../../agent/lab/lab.ts'

/** The host as its guests see it: br0 has this MAC address, and answers at these addresses. */
export const LAB_HOST = { mac: '52:54:00:00:00:fe', ipv4: '192.0.2.254', ipv6: '2001:db8::fe' } as const
/** Where answers go to that have no way of their own. */
const GATEWAY = { ipv4: '192.0.2.1', ipv6: '2001:db8::1' } as const
/** The table that takes every packet that br0 is given for one of the host. */
const INPUT_TABLE = 100
const TAKE_ALL = [`rule add iif br0 lookup ${INPUT_TABLE}`, `route replace local default dev lo table ${INPUT_TABLE}`]

export type QuietLabOptions = {
  /** The MAC address of the guest behind vnet0. */
  readonly guestMac: string
  /** br0 learns MAC addresses, also forged ones; otherwise it knows those of the guests and floods the rest. */
  readonly learning: boolean
  /** Bridged packets go through iptables and ip6tables (br_netfilter). */
  readonly bridgeNetfilter: boolean
}

/**
 * Makes a lab in which nothing moves but what is sent, and every packet for the host shows whether its input takes it: guests
 * do not answer, the host does not ask, and takes packets for any address. Throws where the system refuses something.
 */
export async function quietLab(lab: Lab, options: QuietLabOptions): Promise<void> {
  for (const { name } of LAB_GUESTS) {
    const enter = enterGuest(lab, name)
    await must(['sysctl', '-qw', 'net.ipv6.conf.all.disable_ipv6=1'], enter)
    await must(['ip', '-batch', '-'], enter, 'address flush dev eth0\nlink set eth0 arp off\n')
  }
  const enter = enterHost(lab)
  // What a kernel does not have per namespace (-e) it keeps as it is.
  await must(['sysctl', '-eqw', ...hostSettings(options)], enter)
  const guests = LAB_GUESTS.map((guest) => ({ ...guest, mac: macOf(guest, options.guestMac) }))
  await must(['ip', '-batch', '-'], enter, linesOf(hostCommands(guests, options)))
  for (const family of ['-4', '-6']) await must(['ip', family, '-batch', '-'], enter, linesOf(TAKE_ALL))
  const known = LAB_GUESTS.flatMap(({ name, mac }) => [
    `fdb replace ${mac} dev ${name} master static`,
    ...(macOf({ name, mac }, options.guestMac) === mac
      ? []
      : [`fdb replace ${options.guestMac} dev ${name} master static`]),
  ])
  if (!options.learning) await must(['bridge', '-batch', '-'], enter, linesOf(known))
}

function hostSettings({ bridgeNetfilter }: QuietLabOptions): readonly string[] {
  const call = bridgeNetfilter ? 1 : 0
  return [
    `net.bridge.bridge-nf-call-iptables=${call}`,
    `net.bridge.bridge-nf-call-ip6tables=${call}`,
    // Every rejected packet gets its answer, however many there are.
    'net.ipv4.icmp_ratelimit=0',
    'net.ipv4.icmp_msgs_per_sec=100000000',
    'net.ipv4.icmp_msgs_burst=100000000',
    'net.ipv6.icmp.ratelimit=0',
    // Fragments that wait for others are gone when a list is sent again.
    'net.ipv4.ipfrag_time=1',
    'net.ipv6.ip6frag_time=1',
    'net.netfilter.nf_conntrack_frag6_timeout=1',
    'net.ipv6.auto_flowlabels=0',
    // No guest changes the routes of the host.
    'net.ipv4.conf.all.accept_redirects=0',
    'net.ipv4.conf.br0.accept_redirects=0',
    'net.ipv6.conf.br0.accept_redirects=0',
    'net.ipv4.conf.all.rp_filter=0',
    'net.ipv4.conf.br0.rp_filter=0',
    // The ports are no hosts of their own.
    ...LAB_GUESTS.map(({ name }) => `net.ipv6.conf.${name}.disable_ipv6=1`),
    'net.ipv6.conf.br0.addr_gen_mode=1',
    'net.ipv6.conf.br0.accept_ra=0',
    'net.ipv6.conf.br0.router_solicitations=0',
    'net.ipv6.conf.br0.mldv1_unsolicited_report_interval=1',
    'net.ipv6.conf.br0.mldv2_unsolicited_report_interval=1',
  ]
}

type Guest = (typeof LAB_GUESTS)[number]

function hostCommands(guests: readonly Guest[], { learning }: QuietLabOptions): readonly string[] {
  return [
    `link set br0 address ${LAB_HOST.mac}`,
    // No requests and no answers, and no spontaneous ones of IPv6 either.
    'link set br0 arp off',
    'address flush dev br0',
    `address add ${LAB_HOST.ipv4}/32 dev br0`,
    `address add ${LAB_HOST.ipv6}/128 dev br0 nodad`,
    ...guests.flatMap(({ mac, ipv4, ipv6 }) =>
      [ipv4, ipv6].flatMap((address) => [
        `neighbour replace ${address} lladdr ${mac} dev br0 nud permanent`,
        `route replace ${address} dev br0`,
      ]),
    ),
    `route replace default via ${GATEWAY.ipv4} dev br0`,
    `route replace default via ${GATEWAY.ipv6} dev br0`,
    ...guests.map(({ name }) => `link set ${name} type bridge_slave learning ${learning ? 'on' : 'off'}`),
  ]
}

function macOf({ name, mac }: Pick<Guest, 'name' | 'mac'>, guestMac: string): string {
  return name === 'vnet0' ? guestMac : mac
}

function linesOf(commands: readonly string[]): string {
  return commands.map((command) => `${command}\n`).join('')
}

async function must(command: readonly string[], enter: readonly string[], input?: string): Promise<void> {
  const result = await run(command, { enter, ...(input === undefined ? {} : { input }) })
  if (result.status !== 0) throw new Error(`${command.join(' ')}: ${result.stderr.trim()}`)
}
