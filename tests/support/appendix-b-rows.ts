import type { DiagnosticCode } from '#engine'
import { ANSWERS, acceptAll, acceptIn, acceptOut, drop, FJ, FP, HJ, J, OPENS, P } from './expected-rules.ts'

/** What a dialect makes of a row: the commands of its rules, or the errors it is refused with. */
export type Result = readonly string[] | { readonly refused: readonly DiagnosticCode[] }

export type AppendixRow = {
  /** The row as the specification writes it. */
  readonly row: string
  /** The rule in full, where the row shortens it or stands for several: `ACTION DIRECTION [ATTRIBUTES] ELEMENTS`. */
  readonly written?: string
  readonly variables?: readonly (readonly [name: string, value: string])[]
  /** The lines inside the rule in libvirt's canonical text, where the row tells them. */
  readonly canonical?: readonly string[]
  readonly libvirt: Result
  readonly strict: Result | 'same'
}

const MAC = '-m mac --mac-source 01:02:03:04:05:06'
const SETS = (name: string, flags: string, swapped: string, not = '') =>
  [`-m set${not} --match-set ${name} ${flags}`, `-m set${not} --match-set ${name} ${swapped}`] as const
const ICMP_8 = '-p icmp --icmp-type 8'
const [A1, A2, B1, B2] = ['192.0.2.1', '192.0.2.2', '198.51.100.1', '198.51.100.2'] as const
const LISTS = [
  ['A', A1],
  ['A', A2],
  ['B', B1],
  ['B', B2],
] as const
const refused = (...codes: readonly DiagnosticCode[]) => ({ refused: codes })
/** A drop of what goes from `a` to `b`, for each pair. */
const dropPairs = (...pairs: readonly (readonly [string, string])[]) =>
  pairs.flatMap(([a, b]) => drop(`-p all --source ${a} --destination ${b}`, `-p all --destination ${a} --source ${b}`))

/** Every row of Appendix B of the specification, in its order. */
export const appendixRows: readonly AppendixRow[] = [
  {
    row: `accept in <tcp ipset='foo' ipsetflags='src,dst'/>`,
    canonical: ['<tcp/>'],
    libvirt: acceptIn('-p tcp', '-p tcp'),
    strict: acceptIn('-p tcp', '-p tcp', SETS('foo', 'src,dst', 'dst,src')),
  },
  {
    row: `accept in <tcp ipset='foo'/>`,
    canonical: [`<tcp ipset='foo' ipsetflags='src'/>`],
    libvirt: refused('NWF323'),
    strict: acceptIn('-p tcp', '-p tcp', SETS('foo', 'src', 'dst')),
  },
  {
    row: `accept in <all ipset='foo'/>`,
    libvirt: acceptIn('-p all', '-p all'),
    strict: acceptIn('-p all', '-p all', SETS('foo', 'src', 'dst')),
  },
  {
    row: `accept in <all match='no' ipset='ab' ipsetflags='src'/>`,
    libvirt: acceptIn('-p all', '-p all', SETS('ab', 'src', 'dst')),
    strict: acceptIn('-p all', '-p all', SETS('ab', 'src', 'dst', ' !')),
  },
  {
    row: `accept inout <icmp type='8'/> (with or without statematch='0', or state='NEW')`,
    written: `accept inout <icmp type='8'/>`,
    libvirt: [],
    strict: acceptAll(ICMP_8, ICMP_8),
  },
  {
    row: `accept inout <icmp type='8'/> (with or without statematch='0', or state='NEW')`,
    written: `accept inout statematch='0' <icmp type='8'/>`,
    libvirt: [],
    strict: acceptAll(ICMP_8, ICMP_8),
  },
  {
    row: `accept inout <icmp type='8'/> (with or without statematch='0', or state='NEW')`,
    written: `accept inout <icmp type='8' state='NEW'/>`,
    libvirt: [],
    strict: acceptAll(`${ICMP_8} -m conntrack --ctstate NEW`, `${ICMP_8} -m conntrack --ctstate NEW`),
  },
  {
    row: `drop in <icmp type='8' code='0'/>`,
    libvirt: [`${FP} -p icmp --icmp-type 8/0 -j DROP`],
    strict: 'same',
  },
  {
    row: `accept in <icmp code='3'/>`,
    libvirt: acceptIn('-p icmp', '-p icmp'),
    strict: refused('NWF315'),
  },
  {
    row: `accept in <icmp match='no' type='3' code='4'/>`,
    libvirt: [`${FP} -p icmp ! --icmp-type 3/4 -m conntrack --ctstate NEW,ESTABLISHED -j ACCEPT`],
    strict: 'same',
  },
  {
    row: `accept in <tcp match='no' dstportstart='22'/>`,
    libvirt: acceptIn('-p tcp --dport 22', '-p tcp --sport 22'),
    strict: acceptIn('-p tcp ! --dport 22', '-p tcp ! --sport 22'),
  },
  {
    row: `accept in <tcp match='no' srcportstart='22' srcportend='80'/>`,
    libvirt: acceptIn('-p tcp ! --sport 22:80', '-p tcp ! --dport 22:80'),
    strict: 'same',
  },
  {
    row: `accept in <tcp srcportstart='1024'/>+dstportstart='22'`,
    written: `accept in <tcp srcportstart='1024'/><tcp dstportstart='22'/>`,
    libvirt: acceptIn('-p tcp --sport 1024 --dport 22', '-p tcp --dport 1024 --sport 22'),
    strict: 'same',
  },
  {
    row: `accept out <all srcipaddr='10.0.0.0' srcipmask='8' srcipfrom='10.1.1.1' srcipto='10.1.1.9'/>`,
    libvirt: acceptOut('-p all --source 10.0.0.0/8', '-p all --destination 10.0.0.0/8'),
    strict: refused('NWF354'),
  },
  {
    row: `accept out <all srcipmask='24'/>`,
    libvirt: acceptOut('-p all', '-p all'),
    strict: refused('NWF315'),
  },
  {
    row: `accept out <all srcipaddr='10.1.2.3'/><all match='no' srcipmask='24'/>`,
    libvirt: acceptOut('-p all --source 10.1.2.3/24', '-p all --destination 10.1.2.3/24'),
    strict: refused('NWF327'),
  },
  {
    row: `accept out <tcp dstportend='80'/>`,
    libvirt: acceptOut('-p tcp', '-p tcp'),
    strict: refused('NWF315'),
  },
  {
    row: `accept out <tcp dstportstart='90' dstportend='80'/>`,
    libvirt: acceptOut('-p tcp --dport 90:80', '-p tcp --sport 90:80'),
    strict: refused('NWF353'),
  },
  {
    row: `accept in <all srcmacaddr='1:2:3:4:5:6'/>`,
    libvirt: [`${FP} -p all ${MAC} ${OPENS} -j ACCEPT`],
    strict: 'same',
  },
  {
    row: `accept inout <tcp dstportstart='22' srcmacaddr=…/>`,
    written: `accept inout <tcp dstportstart='22' srcmacaddr='1:2:3:4:5:6'/>`,
    libvirt: acceptAll(`-p tcp ${MAC} --dport 22`, '-p tcp --sport 22'),
    strict: refused('NWF344'),
  },
  {
    row: `accept in <tcp state='NEW' connlimit-above='1'/>`,
    libvirt: [`${FP} -p tcp -m connlimit --connlimit-above 1 -j ACCEPT`],
    strict: refused('NWF336'),
  },
  {
    row: `drop inout <tcp match='no' connlimit-above='3' dstportstart='22'/>`,
    canonical: [`<tcp match='no' connlimit-above='3'/>`, `<tcp dstportstart='22'/>`],
    libvirt: [`${FP} -p tcp --dport 22 -m connlimit ! --connlimit-above 3 -j DROP`],
    strict: refused('NWF337'),
  },
  {
    row: `drop in <all state=''/>`,
    canonical: [`<all state=''/>`],
    libvirt: drop('-p all', '-p all'),
    strict: 'same',
  },
  {
    row: `drop in <all state='NEW,NONE'/>`,
    canonical: [`<all state='NONE'/>`],
    libvirt: [`${FP} -p all -j DROP`],
    strict: 'same',
  },
  {
    row: `accept in statematch='0' <all state='NEW'/>`,
    libvirt: acceptAll('-p all', '-p all'),
    strict: refused('NWF330'),
  },
  {
    row: `drop inout <all srcmacaddr='1:2:3:4:5:6'/>`,
    libvirt: [`${FP} -p all ${MAC} -j DROP`],
    strict: refused('NWF344'),
  },
  {
    row: `accept in <all srcmacaddr=… dscp='2'/>`,
    written: `accept in <all srcmacaddr='1:2:3:4:5:6' dscp='2'/>`,
    libvirt: [
      `${FJ} -p all -m dscp --dscp 2 ${ANSWERS} -j RETURN`,
      `${FP} -p all ${MAC} -m dscp --dscp 2 ${OPENS} -j ACCEPT`,
      `${HJ} -p all -m dscp --dscp 2 ${ANSWERS} -j RETURN`,
    ],
    strict: 'same',
  },
  {
    row: `accept out <tcp dstportstart='1'/><udp dstportstart='2'/>`,
    libvirt: acceptOut('-p tcp --dport 1', '-p tcp --sport 1'),
    strict: refused('NWF302'),
  },
  {
    row: `accept out <tcp dstportstart='1'/><tcp dstportstart='2'/>`,
    libvirt: acceptOut('-p tcp --dport 2', '-p tcp --sport 2'),
    strict: refused('NWF346'),
  },
  {
    row: `accept out <bogus/>`,
    libvirt: [`${J} -j ACCEPT`],
    strict: refused('NWF124', 'NWF301'),
  },
  {
    row: `reject in <mac protocolid='2048'/>`,
    canonical: [`<mac protocolid='ipv4'/>`],
    libvirt: [`${P} -p 0x800 -j DROP`],
    strict: refused('NWF316'),
  },
  {
    row: `accept in <ip protocol='icmpv6'/>`,
    libvirt: [`${P} -p ipv4 --ip-protocol 58 -j ACCEPT`],
    strict: 'same',
  },
  {
    row: `accept in <ip match='no' protocol='17' srcipaddr='1.1.1.1' dstportstart='53' dscp='2'/>`,
    libvirt: [
      `${P} -p ipv4 --ip-source ! 1.1.1.1 --ip-protocol ! 17 --ip-destination-port ! 53 --ip-tos ! 0x2 -j ACCEPT`,
    ],
    strict: refused('NWF321', 'NWF362'),
  },
  {
    row: `accept in <ipv6 protocol='icmpv6' type='1'/>`,
    libvirt: [`${P} -p ipv6 --ip6-protocol 58 --ip6-icmp-type 1:1/0:255 -j ACCEPT`],
    strict: 'same',
  },
  {
    row: `accept in <ipv6 protocol='icmpv6' code='1'/>`,
    libvirt: [`${P} -p ipv6 --ip6-protocol 58 --ip6-icmp-type 0:255/1:1 -j ACCEPT`],
    strict: 'same',
  },
  {
    row: `accept in <ipv6 … typeend='5' codeend='7'/>`,
    written: `accept in <ipv6 protocol='icmpv6' typeend='5' codeend='7'/>`,
    libvirt: [`${P} -p ipv6 --ip6-protocol 58 --ip6-icmp-type 0:5/0:7 -j ACCEPT`],
    strict: 'same',
  },
  {
    row: `accept in <rarp match='no' opcode='Request_Reverse' arpsrcipaddr='1.2.3.4'/>`,
    libvirt: [`${P} -p 0x8035 --arp-opcode ! 3 --arp-ip-src ! 1.2.3.4/32 -j ACCEPT`],
    strict: 'same',
  },
  {
    row: `continue in <stp root-priority-hi='5' port-hi='4'/>`,
    libvirt: [`${P} -d 01:80:c2:00:00:00 -j CONTINUE`],
    strict: refused('NWF315', 'NWF315'),
  },
  {
    row: `continue inout <stp match='no' type='0x12' root-cost='1'/>`,
    libvirt: [J, P].map((chain) => `${chain} -d 01:80:c2:00:00:00 --stp-type ! 18 --stp-root-cost ! 1 -j CONTINUE`),
    strict: 'same',
  },
  {
    row: `<all srcipaddr='$A[@1]' dstipaddr='$B[@2]'/> A=a1,a2 B=b1,b2`,
    written: `drop in <all srcipaddr='$A[@1]' dstipaddr='$B[@2]'/>`,
    variables: LISTS,
    libvirt: dropPairs([A1, B1], [A2, B1], [A1, B2], [A2, B2]),
    strict: 'same',
  },
  {
    row: `<all srcipaddr='$A[@1]' dstipaddr='$B'/>`,
    written: `drop in <all srcipaddr='$A[@1]' dstipaddr='$B'/>`,
    variables: LISTS,
    libvirt: dropPairs([A1, B1], [A1, B2], [A2, B1], [A2, B2]),
    strict: 'same',
  },
  {
    row: `<tcp srcipaddr='$A' dstipaddr='$A' srcportstart='$P[@1]' dstportstart='$P[@2]'/>`,
    written: `drop in <tcp srcipaddr='$A' dstipaddr='$A' srcportstart='$P[@1]' dstportstart='$P[@2]'/>`,
    variables: [...LISTS, ['P', '10'], ['P', '20']],
    libvirt: ['10', '20'].flatMap((second) =>
      ['10', '20'].flatMap((first) =>
        [A1, A2].flatMap((a) =>
          drop(
            `-p tcp --source ${a} --destination ${a} --sport ${first} --dport ${second}`,
            `-p tcp --destination ${a} --source ${a} --dport ${first} --sport ${second}`,
          ),
        ),
      ),
    ),
    strict: 'same',
  },
  {
    row: `<udp dstportstart='$P'/> P=1,2,1`,
    written: `drop in <udp dstportstart='$P'/>`,
    variables: ['1', '2', '1'].map((port) => ['P', port] as const),
    libvirt: ['1', '2'].flatMap((port) => drop(`-p udp --dport ${port}`, `-p udp --sport ${port}`)),
    strict: 'same',
  },
  {
    row: `$A with A(2 values) and $B[@0] with 1 value`,
    written: `drop in <all srcipaddr='$A' dstipaddr='$B[@0]'/>`,
    variables: LISTS.slice(0, 3),
    libvirt: refused('NWF306'),
    strict: 'same',
  },
]
