import * as values from './random-values.ts'

type Row = readonly [attribute: string, values: values.Pool]

const rows = (names: string, pool: values.Pool): readonly Row[] => names.split(' ').map((name) => [name, pool])

const MAC_COMMON: readonly Row[] = [
  ['srcmacaddr', values.MACS],
  ['srcmacmask', values.MAC_MASKS],
  ['dstmacaddr', values.MACS],
  ['dstmacmask', values.MAC_MASKS],
]
const COMMENT: Row = ['comment', values.COMMENTS]
const PORTS = rows('srcportstart srcportend dstportstart dstportend', values.PORTS)
const ADDRESSES = (addresses: values.Pool, masks: values.Pool): readonly Row[] => [
  ['srcipaddr', addresses],
  ['srcipmask', masks],
  ['dstipaddr', addresses],
  ['dstipmask', masks],
]

const ARP: readonly Row[] = [
  ...MAC_COMMON,
  ...rows('hwtype protocoltype', values.U16),
  ['opcode', values.OPCODES],
  ['arpsrcmacaddr', values.MACS],
  ['arpdstmacaddr', values.MACS],
  ['arpsrcipaddr', values.IPV4],
  ['arpsrcipmask', values.MASKS4],
  ['arpdstipaddr', values.IPV4],
  ['arpdstipmask', values.MASKS4],
  ['gratuitous', values.BOOLEANS],
  COMMENT,
]
const STP: readonly Row[] = [
  ['srcmacaddr', values.MACS],
  ['srcmacmask', values.MAC_MASKS],
  ...rows('type flags', values.U8),
  ...rows(
    'root-priority root-priority-hi sender-priority sender-priority-hi port port-hi age age-hi max-age max-age-hi hello-time hello-time-hi forward-delay forward-delay-hi',
    values.U16,
  ),
  ...rows('root-cost root-cost-hi', values.U32),
  ['root-address', values.MACS],
  ['root-address-mask', values.MAC_MASKS],
  ['sender-address', values.MACS],
  ['sender-address-mask', values.MAC_MASKS],
  COMMENT,
]

/** The elements of the Ethernet layer, each with its attributes. Spec 2.2. */
export const ETHERNET_ELEMENTS: ReadonlyMap<string, readonly Row[]> = new Map<string, readonly Row[]>([
  ['mac', [...MAC_COMMON, ['protocolid', values.ETHERTYPES], COMMENT]],
  ['vlan', [...MAC_COMMON, ['vlanid', values.VLAN_IDS], ['encap-protocol', values.ETHERTYPES], COMMENT]],
  ['stp', STP],
  ['arp', ARP],
  ['rarp', ARP],
  [
    'ip',
    [
      ...MAC_COMMON,
      ...ADDRESSES(values.IPV4, values.MASKS4),
      ['protocol', values.IP_PROTOCOLS],
      ...PORTS,
      ['dscp', values.DSCP],
      COMMENT,
    ],
  ],
  [
    'ipv6',
    [
      ...MAC_COMMON,
      ...ADDRESSES(values.IPV6, values.MASKS6),
      ['protocol', values.IP_PROTOCOLS],
      ...PORTS,
      ...rows('type typeend code codeend', values.U8),
      // Not an attribute of it: ignored whatever it holds.
      ['dscp', values.DSCP],
      COMMENT,
    ],
  ],
])

const IP_COMMON = (addresses: values.Pool, masks: values.Pool): readonly Row[] => [
  ['srcmacaddr', values.MACS],
  ...ADDRESSES(addresses, masks),
  ...rows('srcipfrom srcipto dstipfrom', addresses),
  // libvirt reads IPv4 here whatever the family.
  ['dstipto', values.IPV4],
  ['dscp', values.DSCP],
  ['connlimit-above', values.CONNLIMITS],
  ['state', values.STATES],
  ['ipset', values.IPSET_NAMES],
  ['ipsetflags', values.IPSET_FLAGS],
  COMMENT,
]
const TCP: readonly Row[] = [...PORTS, ['option', values.U8], ['flags', values.TCP_FLAGS]]
const ICMP = rows('type code', values.U8)
const NOTHING: readonly Row[] = []
const [V4, V6] = [IP_COMMON(values.IPV4, values.MASKS4), IP_COMMON(values.IPV6, values.MASKS6)]

/** The elements of the IP layer. Spec 2.3. */
export const IP_ELEMENTS: ReadonlyMap<string, readonly Row[]> = new Map<string, readonly Row[]>([
  ...Object.entries({
    tcp: TCP,
    udp: PORTS,
    sctp: PORTS,
    udplite: NOTHING,
    esp: NOTHING,
    ah: NOTHING,
    all: NOTHING,
  }).flatMap(
    ([name, own]) =>
      [
        [name, [...V4, ...own]],
        [`${name}-ipv6`, [...V6, ...own]],
      ] as const,
  ),
  ['icmp', [...V4, ...ICMP]],
  ['icmpv6', [...V6, ...ICMP]],
  ['igmp', V4],
])
