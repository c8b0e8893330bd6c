import { expect, test } from 'vitest'
import { type Dialect, printScript } from '#engine'
import { compileRuleset } from '../support/compile-ruleset.ts'
import { compileNft } from '../support/load-nftables.ts'

/** The rules of the chain that judges what a guest sends, without counter and action, which every one of them has. */
function rulesOut(
  rule: string,
  dialect: Dialect,
  parameters: readonly (readonly [string, string])[],
): readonly string[] {
  const text = `<filter name='f'><rule action='drop' direction='out'>${rule}</rule></filter>`
  const bound = compileRuleset({ texts: [text], parameters }, dialect)
  const ruleset = bound && compileNft(bound)
  if (ruleset === undefined || typeof ruleset === 'string') throw new Error(ruleset ?? 'refused')
  const chains = printScript(ruleset).matchAll(/\tchain f(?:\.v\w+)?(?:-ip6?)?-out \{\n((?:\t\t.*\n)*)/g)
  return [...chains].flatMap(([, body = '']) => {
    const rules = body.split('\n').filter((line) => line !== '')
    return rules.map((line) => line.trim().replace(/ ?counter name "[^"]+" drop comment "f:1"$/, ''))
  })
}

test.each<readonly [string, Dialect, readonly (readonly [string, string])[], readonly string[]]>([
  ["<icmp type='255' code='1'/>", 'libvirt', [], ['meta l4proto icmp @th,0,24 & 0x0 == 0x0']],
  [
    "<mac srcmacaddr='$M' srcmacmask='$N'/>",
    'libvirt',
    [
      ['M', '52:54:00:00:00:01'],
      ['N', 'ff:ff:ff:ff:ff:ff'],
    ],
    ['iifname . ether saddr @M_N-ether_prefix'],
  ],
  [
    "<ipv6 srcipaddr='$A' srcipmask='64'/>",
    'libvirt',
    [['A', '2001:db8::1']],
    ['ether type ip6 iifname . ip6 saddr @A-ipv6_prefix_64'],
  ],
  ["<ipv6 srcipaddr='2001:db8::1' srcipmask='33'/>", 'libvirt', [], ['ether type ip6 ip6 saddr 2001:db8::/33']],
  [
    "<ipv6 protocol='tcp' dstportstart='80'/>",
    'libvirt',
    [],
    [
      'ether type ip6 meta l4proto tcp exthdr frag missing @th,0,24 & 0x0 == 0x0 th dport 80',
      'ether type ip6 meta l4proto tcp frag frag-off 0 @th,0,24 & 0x0 == 0x0 th dport 80',
    ],
  ],
  ["<all-ipv6 srcipfrom='2001:db8::1' srcipto='2001:db8::9'/>", 'libvirt', [], ['ip6 saddr 2001:db8::1-2001:db8::9']],
  [
    "<tcp dstportstart='$A' dstportend='$B'/>",
    'libvirt',
    [
      ['A', '9'],
      ['B', '9'],
    ],
    ['meta l4proto tcp iifname . th dport @A_B-decimal16_range'],
  ],
  ["<ip dstipaddr='10.0.0.1' match='no'/>", 'libvirt', [], ['ether type ip ip daddr != 10.0.0.1']],
  ["<all dscp='4'/>", 'libvirt', [], ['ip dscp 0x4']],
  ["<icmp state='NEW'/>", 'libvirt', [], ['meta l4proto icmp meta mark & 0x00070000 == 0x00010000']],
  ["<tcp srcmacaddr='52:54:00:00:00:01'/>", 'libvirt', [], ['meta l4proto tcp ether saddr 52:54:00:00:00:01']],
  ["<icmp type='255'/>", 'libvirt', [], ['meta l4proto icmp @th,0,24 & 0x0 == 0x0']],
  ["<icmp type='255' match='no'/>", 'libvirt', [], []],
  ["<icmp type='8' code='0'/>", 'libvirt', [], ['meta l4proto icmp @th,0,24 & 0x0 == 0x0 icmp type 8 icmp code 0']],
  ["<icmp type='8' match='no'/>", 'libvirt', [], ['meta l4proto icmp @th,0,24 & 0x0 == 0x0 icmp type != 8']],
  [
    "<icmp type='8' code='3' match='no'/>",
    'libvirt',
    [],
    [
      'meta l4proto icmp @th,0,24 & 0x0 == 0x0 icmp type != 8',
      'meta l4proto icmp @th,0,24 & 0x0 == 0x0 icmp type 8 icmp code != 3',
    ],
  ],
  ["<icmpv6 type='128'/>", 'libvirt', [], ['meta l4proto icmpv6 @th,0,24 & 0x0 == 0x0 icmpv6 type 128']],
  [
    "<ipv6 protocol='icmpv6' type='128' typeend='130' code='0'/>",
    'libvirt',
    [],
    [
      'ether type ip6 meta l4proto icmpv6 exthdr frag missing icmpv6 type 128-130 icmpv6 code 0',
      'ether type ip6 meta l4proto icmpv6 frag frag-off 0 icmpv6 type 128-130 icmpv6 code 0',
    ],
  ],
  [
    "<ipv6 protocol='icmpv6' type='0' typeend='255' code='0' codeend='255'/>",
    'libvirt',
    [],
    ['ether type ip6 meta l4proto icmpv6 exthdr frag missing', 'ether type ip6 meta l4proto icmpv6 frag frag-off 0'],
  ],
  [
    "<ipv6 protocol='icmpv6' type='$A'/>",
    'libvirt',
    [['A', '1']],
    [
      'ether type ip6 meta l4proto icmpv6 exthdr frag missing icmpv6 type 1',
      'ether type ip6 meta l4proto icmpv6 frag frag-off 0 icmpv6 type 1',
    ],
  ],
  [
    "<ipv6 protocol='17'/>",
    'libvirt',
    [],
    ['ether type ip6 meta l4proto udp exthdr frag missing', 'ether type ip6 meta l4proto udp frag frag-off 0'],
  ],
  ["<ipv6 protocol='44'/>", 'libvirt', [], ['ether type ip6 frag frag-off != 0']],
  [
    "<ipv6 protocol='44' match='no'/>",
    'libvirt',
    [],
    ['ether type ip6 meta l4proto != 59 exthdr frag missing', 'ether type ip6 meta l4proto != 59 frag frag-off 0'],
  ],
  ["<ipv6 protocol='59'/>", 'libvirt', [], []],
  [
    "<ipv6 protocol='59' match='no'/>",
    'libvirt',
    [],
    ['ether type ip6 meta l4proto != 59', 'ether type ip6 meta l4proto 59 frag frag-off != 0'],
  ],
  [
    "<ipv6 protocol='17' match='no'/>",
    'libvirt',
    [],
    [
      'ether type ip6 meta l4proto != udp meta l4proto != 59',
      'ether type ip6 meta l4proto udp frag frag-off != 0',
      'ether type ip6 meta l4proto 59 frag frag-off != 0',
    ],
  ],
  [
    "<ipv6 protocol='$A'/>",
    'libvirt',
    [['A', '17']],
    [
      'ether type ip6 exthdr frag missing iifname . meta l4proto @A-decimal8',
      'ether type ip6 frag frag-off 0 iifname . meta l4proto @A-decimal8',
    ],
  ],
  ["<tcp flags='NONE/NONE'/>", 'libvirt', [], ['meta l4proto tcp @th,0,24 & 0x0 == 0x0']],
  ["<tcp flags='NONE/NONE' match='no'/>", 'libvirt', [], []],
  ["<tcp flags='NONE/SYN'/>", 'libvirt', [], []],
  ["<tcp flags='SYN/ACK'/>", 'libvirt', [], []],
  ["<tcp flags='SYN/ACK' match='no'/>", 'libvirt', [], ['meta l4proto tcp tcp flags & 0x2 != 0x10']],
  ["<tcp flags='SYN,ACK/SYN'/>", 'libvirt', [], ['meta l4proto tcp tcp flags & 0x12 == 0x2']],
  ["<tcp option='5'/>", 'libvirt', [], ['meta l4proto tcp tcp option 5 exists']],
  ["<tcp option='5' match='no'/>", 'libvirt', [], ['meta l4proto tcp @th,0,24 & 0x0 == 0x0 tcp option 5 missing']],
  ["<sctp srcportstart='80'/>", 'libvirt', [], ['meta l4proto sctp @th,0,24 & 0x0 == 0x0 th sport 80']],
  [
    "<ip protocol='tcp' dstportstart='80' dstportend='90'/>",
    'libvirt',
    [],
    ['ether type ip ip protocol tcp @th,0,24 & 0x0 == 0x0 th dport 80-90'],
  ],
  [
    "<mac srcmacaddr='52:54:00:00:00:01' srcmacmask='ff:ff:ff:00:00:00'/>",
    'libvirt',
    [],
    ['ether saddr & ff:ff:ff:00:00:00 == 52:54:00:00:00:00'],
  ],
  [
    "<mac srcmacaddr='$M' srcmacmask='ff:ff:ff:00:00:00'/>",
    'libvirt',
    [['M', '52:54:00:00:00:01']],
    ['iifname . ether saddr @M-ether_prefix_24'],
  ],
  ["<mac protocolid='0x1234' match='no'/>", 'libvirt', [], ['ether type != 0x1234']],
  ["<ip srcipaddr='10.0.0.0' srcipmask='0'/>", 'libvirt', [], ['ether type ip']],
  ["<ip srcipaddr='10.0.0.0' srcipmask='0' match='no'/>", 'libvirt', [], []],
  [
    "<ip srcipaddr='$A' srcipmask='$B'/>",
    'libvirt',
    [
      ['A', '10.1.2.3'],
      ['B', '24'],
    ],
    ['ether type ip iifname . ip saddr @A_B-ipv4_prefix'],
  ],
  ["<ip dscp='5'/>", 'libvirt', [], ['ether type ip @nh,8,8 0x5']],
  ["<all srcipfrom='10.0.0.1' srcipto='10.0.0.9'/>", 'libvirt', [], ['ip saddr 10.0.0.1-10.0.0.9']],
  [
    "<all srcipfrom='$A' srcipto='$B'/>",
    'libvirt',
    [
      ['A', '10.0.0.1'],
      ['B', '10.0.0.9'],
    ],
    ['iifname . ip saddr @A_B-ipv4_range'],
  ],
  [
    "<all srcipfrom='$A' srcipto='$B'/>",
    'libvirt',
    [
      ['A', '10.0.0.1'],
      ['B', '10.0.0.1'],
    ],
    ['iifname . ip saddr @A_B-ipv4_range'],
  ],
  ["<all srcipaddr='$A' srcipmask='24'/>", 'libvirt', [['A', '10.0.0.1']], ['iifname . ip saddr @A-ipv4_prefix_24']],
  [
    "<arp arpsrcmacaddr='52:54:00:00:00:01'/>",
    'libvirt',
    [],
    ['ether type arp arp htype 1 arp hlen 6 arp saddr ether 52:54:00:00:00:01'],
  ],
  [
    "<arp gratuitous='true'/>",
    'libvirt',
    [],
    [
      'ether type arp arp ptype 0x0800 arp hlen 6 arp plen 4 @nh,112,8 . @nh,192,8 @same-bytes @nh,120,8 . @nh,200,8 @same-bytes @nh,128,8 . @nh,208,8 @same-bytes @nh,136,8 . @nh,216,8 @same-bytes',
    ],
  ],
  [
    "<arp opcode='1' hwtype='1' protocoltype='0x800'/>",
    'libvirt',
    [],
    ['ether type arp arp htype 1 arp operation request arp ptype 0x0800'],
  ],
  ['<rarp/>', 'libvirt', [], ['ether type 0x8035']],
  [
    "<arp arpsrcipaddr='10.0.0.1' arpsrcipmask='24'/>",
    'libvirt',
    [],
    ['ether type arp arp ptype 0x0800 arp hlen 6 arp plen 4 arp saddr ip 10.0.0.0/24'],
  ],
  ["<stp type='1'/>", 'libvirt', [], ['ether daddr 01:80:c2:00:00:00 @nh,0,48 0x424203000000 @nh,40,8 0x1']],
  ["<stp type='1'/>", 'strict', [], ['ether daddr 01:80:c2:00:00:00 @nh,0,40 0x4242030000 @nh,48,8 0x1']],
  [
    "<stp root-priority='1' root-priority-hi='9'/>",
    'strict',
    [],
    ['ether daddr 01:80:c2:00:00:00 @nh,0,40 0x4242030000 @nh,64,16 0x0001-0x0009'],
  ],
  ["<vlan vlanid='5'/>", 'libvirt', [], ['ether type vlan vlan id 5']],
  ["<vlan encap-protocol='0x800'/>", 'libvirt', [], ['ether type vlan vlan type 0x2048']],
  [
    "<tcp state='NEW' dstportstart='1'/>",
    'libvirt',
    [],
    ['meta l4proto tcp th dport 1 meta mark & 0x00070000 == 0x00010000'],
  ],
  [
    "<tcp state='ESTABLISHED,RELATED'/>",
    'libvirt',
    [],
    ['meta l4proto tcp meta mark & 0x00070000 == { 0x00020000, 0x00030000, 0x00040000, 0x00050000 }'],
  ],
  [
    "<udp srcportstart='1' dstportstart='2' match='no'/>",
    'libvirt',
    [],
    ['meta l4proto udp th sport != 1 th dport & 65535 != 2'],
  ],
  ["<tcp ipset='x' ipsetflags='src'/>", 'libvirt', [], ['meta l4proto tcp']],
  ['<udplite/>', 'libvirt', [], ['meta l4proto 136']],
  ['<esp/>', 'libvirt', [], ['meta l4proto esp']],
  ['<ah-ipv6/>', 'libvirt', [], ['meta l4proto ah']],
  ['<igmp/>', 'libvirt', [], ['meta l4proto 2']],
])('%s, %s, %j', (rule, dialect, parameters, rules) => {
  expect(rulesOut(rule, dialect, parameters)).toEqual(rules)
})

test.each([
  [`<ipv6 protocol='$A' match='no'/>`, 'NWF372'],
  [`<all srcipfrom='10.0.0.9' srcipto='10.0.0.1'/>`, 'NWF353'],
])('%s is refused', (rule, code) => {
  expect(() => rulesOut(rule, 'libvirt', [['A', '17']])).toThrow(code)
})

test.each<readonly [string, string, string]>([
  [`<mac protocolid='$A'/>`, '0x800', 'iifname . ether type @A-hex16_hex'],
  [`<stp type='$A'/>`, '1', 'ether daddr 01:80:c2:00:00:00 @nh,0,48 0x424203000000 iifname . @nh,40,8 @A-raw8'],
  [`<arp opcode='$A'/>`, 'Request', 'ether type arp iifname . arp operation @A-decimal16'],
  [`<vlan encap-protocol='$A'/>`, 'arp', 'ether type vlan iifname . vlan type @A-hex16_hex'],
  [`<ip dscp='$A'/>`, '5', 'ether type ip iifname . @nh,8,8 @A-raw8'],
  [`<ip protocol='$A'/>`, 'tcp', 'ether type ip iifname . ip protocol @A-decimal8'],
])('values of %s, such as %s, are elements', (rule, value, expected) => {
  expect(rulesOut(rule, 'libvirt', [['A', value]])).toEqual([expected])
})

test.each<readonly [string, string, string]>([
  [`<mac srcmacaddr='$M' srcmacmask='$A'/>`, 'ff:00:ff:00:00:00', 'NWF319'],
  [`<ip srcipaddr='$V4' srcipmask='$A'/>`, '255.255.0.255', 'NWF319'],
  [`<ipv6 srcipaddr='$V6' srcipmask='$A'/>`, '129', 'NWF319'],
  [`<ipv6 srcipaddr='$A' srcipmask='8'/>`, '10.0.0.1', 'NWF319'],
  [`<tcp dstportstart='$A'/>`, 'http', 'NWF319'],
  [`<ipv6 protocol='$A'/>`, '300', 'NWF319'],
  [`<all srcipfrom='$A' srcipto='$V4'/>`, '192.0.2.9', 'NWF353'],
  [`<ipv6 protocol='icmpv6' type='$A' typeend='1'/>`, '9', 'NWF353'],
])('%s with %s is refused', (rule, value, code) => {
  const others = [
    ['M', '52:54:00:00:00:01'],
    ['V4', '10.0.0.1'],
    ['V6', '2001:db8::1'],
  ] as const
  expect(() => rulesOut(rule, 'libvirt', [['A', value], ...others])).toThrow(code)
})
