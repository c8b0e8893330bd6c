import { acceptIn, drop, FP, P } from './expected-rules.ts'
import type { TrapCase } from './trap-case.ts'

const FRIENDS = (flags: string, not = '') => `-m set${not} --match-set friends ${flags}`
const MAC = '-m mac --mac-source 01:02:03:04:05:06'
const ARP_MATCH = '-p 0x806 --arp-ip-src 10.0.0.0/8 --arp-ip-dst 10.0.0.1'
const ARP_CHAIN = [`${P} -p 0x0806 -j P-vnet0-arp`, 'ebtables -A P-vnet0-arp -p 0x806 -j DROP']
const V6 = (lines: readonly string[]) => lines.map((line) => line.replace('iptables', 'ip6tables'))

/** The traps that the strict dialect mends, with the commands of both. */
export const correctedTraps: readonly TrapCase[] = [
  {
    trap: '2: a set is erased from tcp',
    code: 'NWF322',
    filters: [`<rule action='accept' direction='in'><tcp ipset='«friends»' ipsetflags='src'/></rule>`],
    strict: {
      libvirt: acceptIn('-p tcp', '-p tcp'),
      strict: acceptIn('-p tcp', '-p tcp', [FRIENDS('src'), FRIENDS('dst')]),
    },
  },
  {
    trap: '2: a set without flags in tcp cannot be instantiated',
    code: 'NWF323',
    severity: 'error',
    filters: [`<rule action='accept' direction='in'><tcp ipset='«friends»'/></rule>`],
    strict: { libvirt: undefined, strict: acceptIn('-p tcp', '-p tcp', [FRIENDS('src'), FRIENDS('dst')]) },
  },
  {
    trap: '2: a set without flags in all is left out',
    code: 'NWF324',
    filters: [`<rule action='drop' direction='in'><all ipset='«friends»'/></rule>`],
    strict: {
      libvirt: drop('-p all', '-p all'),
      strict: drop(`-p all ${FRIENDS('src')}`, `-p all ${FRIENDS('dst')}`),
    },
  },
  {
    trap: '3: the negation of a set is ignored',
    code: 'NWF325',
    filters: [`<rule action='drop' direction='in'><all match='no' ipset='«friends»' ipsetflags='src,dst'/></rule>`],
    strict: {
      libvirt: drop(`-p all ${FRIENDS('src,dst')}`, `-p all ${FRIENDS('dst,src')}`),
      strict: drop(`-p all ${FRIENDS('src,dst', ' !')}`, `-p all ${FRIENDS('dst,src', ' !')}`),
    },
  },
  {
    trap: '3.6: flags of a set in a variable do not change sides',
    code: 'NWF357',
    filters: [`<rule action='drop' direction='in'><all ipset='friends' ipsetflags='«$F»'/></rule>`],
    variables: [['F', 'src']],
    strict: {
      libvirt: drop(`-p all ${FRIENDS('src')}`, `-p all ${FRIENDS('src')}`),
      strict: drop(`-p all ${FRIENDS('src')}`, `-p all ${FRIENDS('dst')}`),
    },
  },
  {
    trap: '3: the negation of a port of the receiver is lost',
    code: 'NWF326',
    filters: [`<rule action='drop' direction='in'><tcp match='no' dstportstart='«22»'/></rule>`],
    strict: {
      libvirt: drop('-p tcp --dport 22', '-p tcp --sport 22'),
      strict: drop('-p tcp ! --dport 22', '-p tcp ! --sport 22'),
    },
  },
  {
    trap: '3: the negation of a port of the receiver is lost behind a port of the sender',
    code: 'NWF326',
    filters: [
      `<rule action='drop' direction='in'><udp srcportstart='1024'/><udp match='no' dstportstart='«22»'/></rule>`,
    ],
    strict: {
      libvirt: drop('-p udp --sport 1024 --dport 22', '-p udp --dport 1024 --sport 22'),
      strict: drop('-p udp --sport 1024 ! --dport 22', '-p udp --dport 1024 ! --sport 22'),
    },
  },
  {
    trap: '3: a port of the receiver is negated with that of the sender',
    code: 'NWF326',
    filters: [
      `<rule action='drop' direction='in'><sctp match='no' srcportstart='1024'/><sctp dstportstart='«22»'/></rule>`,
    ],
    strict: {
      libvirt: drop('-p sctp ! --sport 1024 ! --dport 22', '-p sctp ! --dport 1024 ! --sport 22'),
      strict: drop('-p sctp ! --sport 1024 --dport 22', '-p sctp ! --dport 1024 --sport 22'),
    },
  },
  {
    trap: '4: an ICMP type with inout makes no command',
    code: 'NWF328',
    filters: [`<rule action='drop' direction='inout'><icmp type='«8»'/></rule>`],
    strict: { libvirt: [], strict: drop('-p icmp --icmp-type 8', '-p icmp --icmp-type 8') },
  },
  {
    trap: '4: an ICMPv6 type with inout makes no command',
    code: 'NWF328',
    filters: [`<rule action='drop' direction='inout'><icmpv6 type='«128»'/></rule>`],
    strict: { libvirt: [], strict: V6(drop('-p icmpv6 --icmpv6-type 128', '-p icmpv6 --icmpv6-type 128')) },
  },
  {
    trap: '5: IP-layer rules of other chains stand behind those of root',
    code: 'NWF329',
    filters: [
      `<filter name='trap'><rule action='drop' direction='in'><tcp/></rule><filterref filter='early'/></filter>`,
      `<filter name='early' chain='ipv4'><rule action='«drop»' direction='in' priority='-900'><udp/></rule></filter>`,
    ],
    strict: {
      libvirt: [...drop('-p tcp', '-p tcp'), ...drop('-p udp', '-p udp')],
      strict: [...drop('-p udp', '-p udp'), ...drop('-p tcp', '-p tcp')],
    },
  },
  {
    trap: '7: a stp chain has not its documented priority',
    code: 'NWF331',
    filters: [
      `<filter name='trap'><filterref filter='all-macs'/><filterref filter='no-stp'/></filter>`,
      `<filter name='all-macs' chain='mac'><rule action='accept' direction='in'><mac/></rule></filter>`,
      `<filter name='no-stp' chain='«stp»'><rule action='drop' direction='in'><stp/></rule></filter>`,
    ],
    strict: {
      libvirt: [
        `${P} -j P-vnet0-mac`,
        `${P} -d 01:80:c2:00:00:00 -j P-vnet0-stp`,
        'ebtables -A P-vnet0-mac -j ACCEPT',
        'ebtables -A P-vnet0-stp -d 01:80:c2:00:00:00 -j DROP',
      ],
      strict: [
        `${P} -d 01:80:c2:00:00:00 -j P-vnet0-stp`,
        `${P} -j P-vnet0-mac`,
        'ebtables -A P-vnet0-mac -j ACCEPT',
        'ebtables -A P-vnet0-stp -d 01:80:c2:00:00:00 -j DROP',
      ],
    },
  },
  {
    // What differs is what libvirt reads when it starts again: its canonical text names no priority, and the chain gets −500.
    trap: '1.6: a chain priority of 0 is not saved',
    code: 'NWF361',
    filters: [
      `<filter name='trap' chain='arp' priority='«0»'><rule action='drop' direction='in'><arp/></rule></filter>`,
    ],
    strict: { libvirt: ARP_CHAIN, strict: ARP_CHAIN },
  },
  {
    trap: '11: the protocol inside a VLAN tag is printed in decimal',
    code: 'NWF333',
    filters: [`<rule action='drop' direction='in'><vlan vlanid='5' encap-protocol='«arp»'/></rule>`],
    strict: {
      libvirt: [`${P} -p 0x8100 --vlan-id 5 --vlan-encap 2054 -j DROP`],
      strict: [`${P} -p 0x8100 --vlan-id 5 --vlan-encap 0x806 -j DROP`],
    },
  },
  {
    trap: '11: dscp of ip is compared with the whole TOS byte',
    code: 'NWF334',
    filters: [`<rule action='drop' direction='in'><ip dscp='«8»'/></rule>`],
    strict: {
      libvirt: [`${P} -p ipv4 --ip-tos 0x8 -j DROP`],
      strict: ['0x20', '0x21', '0x22', '0x23'].map((tos) => `${P} -p ipv4 --ip-tos ${tos} -j DROP`),
    },
  },
  {
    trap: '11: the mask of an ARP source leaks to the destination',
    code: 'NWF335',
    filters: [
      `<rule action='drop' direction='in'><arp arpsrcipaddr='10.0.0.0' arpsrcipmask='8' arpdstipaddr='«10.0.0.1»'/></rule>`,
    ],
    strict: { libvirt: [`${P} ${ARP_MATCH}/8 -j DROP`], strict: [`${P} ${ARP_MATCH}/32 -j DROP`] },
  },
  {
    trap: '13: flags of tcp-ipv6 are not read',
    code: 'NWF338',
    filters: [`<rule action='drop' direction='in'><tcp-ipv6 flags='«SYN/SYN»'/></rule>`],
    strict: {
      libvirt: V6(drop('-p tcp', '-p tcp')),
      strict: V6(drop('-p tcp --tcp-flags SYN SYN', '-p tcp --tcp-flags SYN SYN')),
    },
  },
  {
    trap: '13: a range of IPv6 receivers cannot be written',
    code: 'NWF339',
    filters: [`<rule action='drop' direction='in'><tcp-ipv6 dstipfrom='2001:db8::1' dstipto='«2001:db8::5»'/></rule>`],
    strict: {
      libvirt: undefined,
      strict: V6(
        drop(
          '-p tcp -m iprange --dst-range 2001:db8::1-2001:db8::5',
          '-p tcp -m iprange --src-range 2001:db8::1-2001:db8::5',
        ),
      ),
    },
  },
  {
    // What is damaged is the canonical text; the first installation has the comment in both.
    trap: '27: a comment in front of a dscp is damaged',
    code: 'NWF341',
    filters: [`<rule action='drop' direction='in'><udp comment='«why»'/><udp dscp='2'/></rule>`],
    strict: {
      libvirt: drop(...twice('-p udp -m dscp --dscp 2 -m comment --comment why')),
      strict: drop(...twice('-p udp -m dscp --dscp 2 -m comment --comment why')),
    },
  },
  {
    trap: '5.6: the reversed command has no MAC address',
    code: 'NWF345',
    filters: [`<rule action='drop' direction='in'><tcp srcmacaddr='«1:2:3:4:5:6»' dstportstart='22'/></rule>`],
    strict: {
      libvirt: drop(`-p tcp ${MAC} --dport 22`, '-p tcp --sport 22'),
      strict: [`${FP} -p tcp ${MAC} --dport 22 -j DROP`],
    },
  },
  {
    trap: '3.6: protocolid in a variable is not printed in hexadecimal',
    code: 'NWF360',
    filters: [`<rule action='drop' direction='in'><mac protocolid='«$P»'/></rule>`],
    variables: [['P', '2054']],
    strict: { libvirt: [`${P} -p 2054 -j DROP`], strict: [`${P} -p 0x806 -j DROP`] },
  },
]

function twice(words: string): readonly [string, string] {
  return [words, words]
}
