/** Values of an attribute as they stand in XML: such as authors write and libvirt takes, and such as try the edges. */
export type Pool = { readonly usual: readonly string[]; readonly hostile: readonly string[] }

export const MACS: Pool = {
  usual: ['52:54:00:aa:bb:cc', '1:2:3:4:5:6', 'FF:ff:FF:ff:ff:ff'],
  hostile: ['a:b:c:d:e', '01-02-03-04-05-06', '01:02:03:04:05:06 zz', '1:2:3:4:5:ffx', '1:2:3:4:5:6:7', '::::::', ''],
}
export const MAC_MASKS: Pool = {
  usual: ['ff:ff:ff:00:00:00', 'ff:ff:ff:ff:ff:ff', 'fe:0:0:0:0:0'],
  hostile: ['ff:00:ff:00:00:00', '0:0:0:0:0:0', '24', ''],
}
export const IPV4: Pool = {
  usual: ['10.1.2.3', '0.0.0.0', '224.0.0.0', '192.168.255.254'],
  hostile: [
    '10.1',
    '64',
    '0x0a.1',
    '010.1.1.1',
    '::ffff:1.2.3.4',
    '1.2.3.256',
    '1.2.3.4.5',
    '',
    ' 1.2.3.4',
    '1.2.3.4 ',
    '::1',
  ],
}
export const MASKS4: Pool = {
  usual: ['0', '8', '24', '32', '255.255.255.0', '0.0.0.0'],
  hostile: ['33', '255.0.255.0', ' 24', '+7', '-0', '0x18', '024', '4294967040', '::ffff:255.255.0.0', ''],
}
export const IPV6: Pool = {
  usual: ['::', '::1', 'fe80::1', '2001:db8::1', 'A:B:c:0:0:D::', '1:2:3:4:5:6:7:8'],
  hostile: [
    '::ffff:10.1.2.3',
    '::10.1.2.3',
    'a:b:c',
    '1::2::3',
    '1:2:3:4:5:6:7::',
    '0:0:1:0:0:0:1:0',
    '::0.0.0.9',
    '::01.2.3.4',
    '10.1.2.3',
    '',
  ],
}
export const MASKS6: Pool = {
  usual: ['0', '10', '64', '128', 'ffff::'],
  hostile: ['129', 'ff:00::ff', 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff', '-0', '255.255.255.0', ''],
}

const NUMBERS = [
  '17',
  '63',
  '64',
  '256',
  '4095',
  '4096',
  '65536',
  '0x1f',
  '1f',
  '0X10',
  '4294967295',
  '4294967296',
  '-1',
  '-0',
  '-0x0',
  '+3',
  ' 7',
  '7 ',
  '',
  '0x',
  'zz',
  '-f',
  '0x600',
  '1535',
  '0x3c',
  '59',
  '08',
  '1e3',
  '99999999999999999999999',
]
export const U8: Pool = { usual: ['0', '1', '17', '255', '0x1f', '1f'], hostile: NUMBERS }
export const U16: Pool = { usual: ['0', '1', '5', '4096', '65535', '0xffff', 'ff'], hostile: NUMBERS }
export const U32: Pool = { usual: ['0', '1', '65536', '0xffffffff'], hostile: NUMBERS }
export const DSCP: Pool = { usual: ['0', '2', '63', '0x3f'], hostile: NUMBERS }
export const VLAN_IDS: Pool = { usual: ['0', '100', '4095', '0xfff'], hostile: NUMBERS }
export const PORTS: Pool = { usual: ['0', '22', '80', '1024', '65535', '0x50'], hostile: NUMBERS }
export const CONNLIMITS: Pool = {
  usual: ['0', '1', '3', '65535'],
  hostile: ['65536', '0x5', '1f', '-1', '-0', '+2', ' 4', '7 ', '', '010'],
}

const ETHERTYPE_NAMES = ['arp', 'ARP', 'rarp', 'ipv4', 'ipv6', 'vlan']
export const ETHERTYPES: Pool = {
  usual: [...ETHERTYPE_NAMES, '0x800', '2048', '0x806', '0x8100', '65535'],
  hostile: ['bogus', ' arp', 'ip', ...NUMBERS],
}
export const IP_PROTOCOLS: Pool = {
  usual: ['tcp', 'UDP', 'udplite', 'esp', 'ah', 'icmp', 'igmp', 'sctp', 'icmpv6', '6', '0x11', '33', '132'],
  hostile: ['300', '$P', 'dccp', 'tcp ', '256', '-1', ''],
}
export const PROTOCOLS_WITH_PORTS: readonly string[] = ['tcp', '17', '132', 'UDP', '33']
export const OPCODES: Pool = {
  usual: ['Request', 'reply', 'Request_Reverse', 'ARP_NAK', 'InARP_Request', '3', '0x3', '99', '65535'],
  hostile: ['Foo', '', '65536', ' Reply', '-1'],
}
export const BOOLEANS: Pool = { usual: ['true', 'yes', '1', 'false'], hostile: ['TRUE', 'on', '', ' true', '2'] }

export const STATES: Pool = {
  usual: [
    'NEW',
    'ESTABLISHED',
    'NEW,ESTABLISHED',
    'established,related',
    'INVALID',
    'NONE',
    'New RELATED',
    ' NEW , INVALID ',
    'NEW,NONE',
    'INVALID,RELATED,ESTABLISHED,NEW',
  ],
  hostile: [
    '',
    ',',
    ' , ',
    'new,,established',
    'FOO',
    'NEW,FOO',
    'NEW;INVALID',
    'NEWER',
    'NEWINVALID',
    'NEWNONE',
    'NEW\u00a0INVALID',
    'NEW|RELATED',
    'NEW/ESTABLISHED',
    'N E W',
    'NEW&#9;INVALID',
    'NEW&#10;INVALID',
  ],
}
export const TCP_FLAGS: Pool = {
  usual: [
    'SYN,ACK/SYN',
    'ALL/',
    'SYN/ALL',
    'fin , psh/NONE',
    'RST/NONE',
    'URG,PSH,FIN,RST,SYN,ACK/URG',
    'SYN ACK/ack',
    'ALL,NONE/NONE,SYN',
  ],
  hostile: [
    '/',
    ' / ',
    'SYN',
    '',
    'ALL',
    'SYN/SYN/ACK',
    'SYN//ACK',
    'SYN/FOO',
    'SYN;ACK/SYN',
    'SYNACK/SYNRST',
    'ALLSYN/fin',
    'SYN&#9;ACK/',
  ],
}
export const IPSET_NAMES: Pool = {
  usual: ['tck_test', 'a', 'set-1', 'A.b:c+d', 'two words', 'x'.repeat(31)],
  hostile: ['', 'x'.repeat(32), 'x'.repeat(33), 'a/b', 'a,b', 'ä', '-', ' ', 'a&amp;b', 'a&apos;b', 'a!', '(a)'],
}
export const IPSET_FLAGS: Pool = {
  usual: ['src', 'dst', 'src,dst', 'SRC,dSt,src', 'dst,dst,dst,src,src,src'],
  hostile: [
    '',
    'src,src,src,src,src,src,src',
    'src, dst',
    'src,,dst',
    ',src',
    'src,',
    'both',
    'src;dst',
    'src dst',
    ' src',
  ],
}
/** libvirt cuts after 256 bytes. Not cut here: inside of a character, where its text is not UTF-8 any more and ours ends before it. */
export const COMMENTS: Pool = {
  usual: [
    'plain',
    'two words',
    'a&amp;b&apos;c',
    '&lt;x&gt;&quot;',
    'ü€',
    '-j DROP',
    'was $(id): x',
    '`id` | x; # \\ !',
    'x'.repeat(300),
    'é'.repeat(200),
  ],
  hostile: [
    '',
    '   ',
    'tab&#9;lf&#10;cr&#13;',
    "an open ' quote",
    '$X',
    '$5 fee',
    '$(id)',
    '$',
    '\u00a0\u2028',
    '&#xfe;&#xff;',
    '1'.repeat(256),
  ],
}

/** Uses of variables that every case can fill in, and such that libvirt refuses, cannot fill in or reads oddly. */
export const VARIABLES: Pool = {
  usual: [
    '$IP',
    '$MAC[0]',
    '$A',
    '$B',
    '$PORTS',
    '$A[@1]',
    '$B[@1]',
    '$B[@2]',
    '$PORTS[@1]',
    '$A[0]',
    '$A[@ 3 ]',
    '$C[@1000]',
    '$B[@1]x',
  ],
  hostile: [
    '$',
    '$A-B',
    '$A[',
    '$A[x]',
    '$A[@]',
    '$A[@1001]',
    '$A[-1]',
    '$A[+1]',
    '$A[ 1 ]',
    '$A[9]',
    '$A []',
    '$A[]',
    '$$A',
    '$C',
    '$MAC',
    '$MISSING',
    ' $A',
  ],
}
/** Lengths of a value on both sides of each of libvirt's limits. Spec 3.2. */
export const LONG_VALUES: readonly string[] = [15, 16, 17, 18, 19, 20, 21, 31, 32, 45, 46].map((length) =>
  '1'.repeat(length),
)
