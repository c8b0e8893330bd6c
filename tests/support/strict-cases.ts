import type { DiagnosticCode } from '#engine'
import { arp, BROADCAST, ethernet } from './frames.ts'
import { into, out, type TestFrame } from './frames-of-guest.ts'
import { GUEST, NEIGHBOUR, OUTSIDE } from './lab-host.ts'
import { tcp6Into, tcpInto, tcpOut, withTos } from './segments.ts'

/** Under which dialects a frame arrives. */
export type Arrival = 'both' | 'neither' | 'only libvirt' | 'only strict'
/** What the kernel must be able to do for a case. */
export type Need = 'IP layer' | 'sets'

/** A filter whose commands do different things to frames in the two dialects, and frames that show it. */
export type StrictCase = {
  readonly code: DiagnosticCode
  readonly what: string
  /** Filters by name; the first one is bound to the first guest. */
  readonly filters: Readonly<Record<string, string>>
  readonly parameters?: Readonly<Record<string, string>>
  readonly needs?: readonly Need[]
  /** libvirt installs nothing at all, with this error; its frames are not sent. */
  readonly libvirtRefuses?: true
  /** libvirt was started again: it has read its own canonical text, which is what it saves. */
  readonly libvirtRestarted?: true
  /** In the order of sending. */
  readonly frames: readonly (readonly [Arrival, TestFrame])[]
}

/** The members of this set are the outside alone. */
export const SET = { name: 'friends', member: OUTSIDE.ip } as const
const ECHO_REPLY = '0000edca12340001'
const SETS = ['IP layer', 'sets'] as const
const IP = ['IP layer'] as const

/** One filter in the chain root. */
const root = (rules: string) => ({ bound: `<filter name='bound' chain='root'>${rules}</filter>` })
/** Lets through what the element matches, without connection tracking, and drops all other IPv4. */
const onlyAccept = (element: string) =>
  root(
    `<rule action='accept' direction='in' statematch='0'>${element}</rule><rule action='drop' direction='in' priority='1000'><all/></rule>`,
  )
const dropIn = (element: string) => root(`<rule action='drop' direction='in'>${element}</rule>`)

const pingFrom = (peer: typeof OUTSIDE | typeof NEIGHBOUR): TestFrame => ({
  ...into.ip({ peer }),
  what: `ping from ${peer.portDevice}`,
})
const pingTo = (peer: typeof OUTSIDE | typeof NEIGHBOUR): TestFrame => ({
  ...out.ip({ peer }),
  what: `ping to ${peer.portDevice}`,
})
const arpInto = (targetIp: string, vlan?: number): TestFrame => ({
  from: OUTSIDE.portDevice,
  to: GUEST.portDevice,
  hex: ethernet({
    src: OUTSIDE.mac,
    dst: BROADCAST,
    type: '0806',
    payload: arp({ senderMac: OUTSIDE.mac, senderIp: OUTSIDE.ip, targetIp }),
    ...(vlan === undefined ? {} : { vlan }),
  }),
  what: `ARP for ${targetIp}${vlan === undefined ? '' : ` in VLAN ${vlan}`}`,
})
const taggedIp: TestFrame = {
  from: OUTSIDE.portDevice,
  to: GUEST.portDevice,
  hex: ethernet({ src: OUTSIDE.mac, dst: BROADCAST, type: '0800', payload: into.ip().hex.slice(28), vlan: 5 }),
  what: 'IPv4 in VLAN 5',
}
const bridgeFrame: TestFrame = {
  from: GUEST.portDevice,
  to: OUTSIDE.portDevice,
  hex: ethernet({ src: GUEST.mac, dst: '01:80:c2:00:00:00', type: '0026', payload: `424203${'0'.repeat(70)}` }),
  what: 'a frame of the spanning tree protocol',
}

/** One or more for every quirk that the strict dialect corrects. */
export const strictCases: readonly StrictCase[] = [
  {
    code: 'NWF322',
    what: 'a set in tcp decides who is let in',
    filters: onlyAccept(`<tcp ipset='${SET.name}' ipsetflags='src'/>`),
    needs: SETS,
    frames: [
      ['only libvirt', tcpInto({ peer: NEIGHBOUR })],
      ['both', tcpInto()],
      ['neither', pingFrom(OUTSIDE)],
    ],
  },
  {
    code: 'NWF323',
    what: 'a set without flags in tcp is installed, and means the sender',
    filters: onlyAccept(`<tcp ipset='${SET.name}'/>`),
    needs: SETS,
    libvirtRefuses: true,
    frames: [
      ['only strict', tcpInto()],
      ['neither', tcpInto({ peer: NEIGHBOUR })],
    ],
  },
  {
    code: 'NWF324',
    what: 'a set without flags in all means the sender',
    filters: onlyAccept(`<all ipset='${SET.name}'/>`),
    needs: SETS,
    frames: [
      ['only libvirt', pingFrom(NEIGHBOUR)],
      ['both', pingFrom(OUTSIDE)],
    ],
  },
  {
    code: 'NWF325',
    what: 'a negated set means everybody else',
    filters: dropIn(`<all match='no' ipset='${SET.name}' ipsetflags='src'/>`),
    needs: SETS,
    frames: [
      ['only strict', pingFrom(OUTSIDE)],
      ['only libvirt', pingFrom(NEIGHBOUR)],
      ['both', arpInto(GUEST.ip)],
    ],
  },
  {
    code: 'NWF357',
    what: 'flags in a variable change sides for what the guest sends',
    filters: dropIn(`<all ipset='${SET.name}' ipsetflags='$FLAGS'/>`),
    parameters: { FLAGS: 'src' },
    needs: SETS,
    frames: [
      ['only libvirt', pingTo(OUTSIDE)],
      ['neither', pingFrom(OUTSIDE)],
      ['both', pingTo(NEIGHBOUR)],
    ],
  },
  {
    code: 'NWF326',
    what: 'a negated port of the receiver means every other port',
    filters: dropIn(`<tcp match='no' dstportstart='22'/>`),
    needs: IP,
    frames: [
      ['only strict', tcpInto({ to: 22 })],
      ['only libvirt', tcpInto({ to: 80 })],
      ['both', pingFrom(OUTSIDE)],
    ],
  },
  {
    code: 'NWF328',
    what: 'an ICMP type is matched both ways',
    filters: root(`<rule action='drop' direction='inout'><icmp type='8'/></rule>`),
    needs: IP,
    frames: [
      ['only libvirt', pingFrom(OUTSIDE)],
      ['only libvirt', pingTo(OUTSIDE)],
      ['both', { ...into.ip({ payload: ECHO_REPLY }), what: 'echo reply in' }],
      ['both', { ...out.ip({ payload: ECHO_REPLY }), what: 'echo reply out' }],
    ],
  },
  {
    code: 'NWF329',
    what: 'a rule of another chain stands where its priority says',
    filters: {
      bound: `<filter name='bound' chain='root'><rule action='accept' direction='in' statematch='0'><tcp dstportstart='22'/></rule><filterref filter='early'/></filter>`,
      early: `<filter name='early' chain='ipv4'><rule action='drop' direction='in' priority='-900'><tcp dstportstart='22'/></rule></filter>`,
    },
    needs: IP,
    frames: [
      ['only libvirt', tcpInto({ to: 22 })],
      ['both', tcpInto({ to: 80 })],
    ],
  },
  {
    code: 'NWF331',
    what: 'a stp chain is asked before the others',
    filters: {
      bound: `<filter name='bound' chain='root'><filterref filter='all-macs'/><filterref filter='no-stp'/></filter>`,
      'all-macs': `<filter name='all-macs' chain='mac'><rule action='accept' direction='out'><mac srcmacaddr='${GUEST.mac}'/></rule></filter>`,
      'no-stp': `<filter name='no-stp' chain='stp'><rule action='drop' direction='out'><stp/></rule></filter>`,
    },
    frames: [
      ['only libvirt', bridgeFrame],
      ['both', pingTo(OUTSIDE)],
    ],
  },
  {
    code: 'NWF361',
    what: 'a chain priority of 0 is 0 after the next start too',
    filters: {
      bound: `<filter name='bound' chain='root'><filterref filter='all-macs'/><filterref filter='no-arp'/></filter>`,
      'all-macs': `<filter name='all-macs' chain='mac' priority='-100'><rule action='accept' direction='in'><mac srcmacaddr='${OUTSIDE.mac}'/></rule></filter>`,
      'no-arp': `<filter name='no-arp' chain='arp' priority='0'><rule action='drop' direction='in'><arp/></rule></filter>`,
    },
    libvirtRestarted: true,
    frames: [
      ['only strict', arpInto(GUEST.ip)],
      ['both', pingFrom(OUTSIDE)],
    ],
  },
  {
    code: 'NWF333',
    what: 'the protocol inside a tag is found',
    filters: dropIn(`<vlan encap-protocol='arp'/>`),
    frames: [
      ['only libvirt', arpInto(GUEST.ip, 5)],
      // Another address: a tagged frame that arrives without its tag could not be told from the same one sent without.
      ['both', arpInto('192.0.2.77')],
      ['both', taggedIp],
    ],
  },
  {
    code: 'NWF334',
    what: 'a DSCP is found whatever the ECN bits say',
    filters: dropIn(`<ip dscp='8'/>`),
    frames: [
      ...[0, 1, 2, 3].map((ecn) => ['only libvirt', withTos(pingFrom(OUTSIDE), 8 * 4 + ecn)] as const),
      ['only strict', withTos(pingFrom(OUTSIDE), 8)],
      ['both', withTos(pingFrom(OUTSIDE), 9 * 4)],
      ['both', pingFrom(OUTSIDE)],
    ],
  },
  {
    code: 'NWF335',
    what: 'an ARP target without mask is one address',
    filters: dropIn(`<arp arpsrcipaddr='192.0.2.0' arpsrcipmask='24' arpdstipaddr='${GUEST.ip}'/>`),
    frames: [
      ['only strict', arpInto('192.0.2.77')],
      ['neither', arpInto(GUEST.ip)],
      ['both', arpInto('198.51.100.7')],
    ],
  },
  {
    code: 'NWF338',
    what: 'the flags of a segment over IPv6 count',
    filters: dropIn(`<tcp-ipv6 flags='SYN/SYN'/>`),
    needs: IP,
    frames: [
      ['only strict', tcp6Into({ flags: 'ACK' })],
      ['neither', tcp6Into()],
      ['both', into.ip6()],
    ],
  },
  {
    code: 'NWF339',
    what: 'a range of IPv6 receivers is installed, and ends where it says',
    filters: dropIn(`<tcp-ipv6 dstipfrom='2001:db8::f' dstipto='2001:db8::1f'/>`),
    needs: IP,
    libvirtRefuses: true,
    frames: [
      ['only strict', tcp6Into({ dstIp: '2001:db8::20' })],
      ['neither', tcp6Into()],
      ['neither', tcp6Into({ dstIp: '2001:db8::1f' })],
    ],
  },
  {
    code: 'NWF345',
    what: 'a rule about a sender leaves the guest alone',
    filters: dropIn(`<tcp srcmacaddr='${OUTSIDE.mac}' dstportstart='22'/>`),
    needs: IP,
    frames: [
      ['only strict', tcpOut({ from: 22, to: 40000 })],
      ['neither', tcpInto({ to: 22 })],
      ['both', tcpInto({ peer: NEIGHBOUR, to: 22 })],
    ],
  },
  {
    code: 'NWF360',
    what: 'an ethertype in a variable is a decimal number',
    filters: dropIn(`<mac protocolid='$TYPE'/>`),
    parameters: { TYPE: '2054' },
    frames: [
      ['only libvirt', arpInto(GUEST.ip)],
      ['both', pingFrom(OUTSIDE)],
    ],
  },
  {
    code: 'NWF360',
    what: 'a protocol of ARP in a variable is a decimal number',
    filters: dropIn(`<arp protocoltype='$TYPE'/>`),
    parameters: { TYPE: '2048' },
    frames: [
      ['only libvirt', arpInto(GUEST.ip)],
      ['both', pingFrom(OUTSIDE)],
    ],
  },
  {
    code: 'NWF360',
    what: 'a protocol inside a tag in a variable is a decimal number',
    filters: dropIn(`<vlan encap-protocol='$TYPE'/>`),
    parameters: { TYPE: '2054' },
    frames: [
      ['only libvirt', arpInto(GUEST.ip, 5)],
      ['both', taggedIp],
    ],
  },
  {
    code: 'NWF360',
    what: 'a DSCP in a variable is one',
    filters: dropIn(`<ip dscp='$DSCP'/>`),
    parameters: { DSCP: '10' },
    frames: [
      ['only libvirt', withTos(pingFrom(OUTSIDE), 10 * 4 + 2)],
      ['both', pingFrom(OUTSIDE)],
    ],
  },
]
