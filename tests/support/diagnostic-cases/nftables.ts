import type { DiagnosticCase } from './diagnostic-case.ts'
import { bind, drop, filter } from './texts.ts'

const NFTABLES = { backend: 'nftables', severity: 'error' } as const

/** What stands in the way of the nftables backend alone. */
export const nftablesCases: readonly DiagnosticCase[] = [
  {
    ...NFTABLES,
    code: 'NWF371',
    texts: [drop(`<all ipset='friends' ipsetflags='src'/>`), bind('example')],
    message:
      'example cannot be installed by the nftables backend: there is no set friends of ours, and nftables does not see the ipsets of the kernel.',
    at: ['2:3', `<rule action='drop' direction='in'>\n    <all ipset='friends' ipsetflags='src'/>\n  </rule>`],
    beside: 'more',
  },
  {
    ...NFTABLES,
    code: 'NWF372',
    texts: [drop(`<ipv6 protocol='$A' match='no'/>`), bind('example', { A: '17' })],
    message: 'example cannot be installed by the nftables backend: a negated protocol of IPv6 in a variable.',
    at: ['2:3', `<rule action='drop' direction='in'>\n    <ipv6 protocol='$A' match='no'/>\n  </rule>`],
    beside: 'more',
  },
  {
    ...NFTABLES,
    code: 'NWF373',
    texts: bind('clean-traffic', { IP: '192.0.2.10' }, 'vnet*'),
    message: '“vnet*” cannot be given to nftables as the name of an interface.',
    at: ['3:18', 'vnet*'],
  },
  {
    ...NFTABLES,
    code: 'NWF374',
    texts: ['create friends hash:ip timeout 300\n'],
    message: 'A set with “timeout” means something else than a set of nftables can say.',
    at: ['1:1', 'create friends hash:ip timeout 300'],
  },
  {
    ...NFTABLES,
    code: 'NWF374',
    what: 'entries that overlap',
    texts: [
      drop(`<all ipset='web' ipsetflags='src,src'/>`),
      bind('example'),
      'create web hash:net,port\nadd web 10.0.0.0/8,80-90\nadd web 10.1.0.0/16,85-95\n',
    ],
    message: 'example cannot be installed by the nftables backend: entries of the set web overlap in some parts only.',
    at: ['2:3', `<rule action='drop' direction='in'>\n    <all ipset='web' ipsetflags='src,src'/>\n  </rule>`],
    beside: 'more',
  },
  {
    ...NFTABLES,
    code: 'NWF332',
    what: 'an error for nftables',
    texts: [drop(`<tcp/>`).replace(`'drop'`, `'continue'`), bind('example')],
    message: 'iptables has no target CONTINUE: the command of this rule fails when the NIC is started.',
    at: ['2:17', 'continue'],
    fixes: [['Remove the rule', filter('')]],
    beside: 'more',
  },
  {
    ...NFTABLES,
    code: 'NWF319',
    what: 'a value that nothing can be made of',
    texts: [drop(`<tcp dstportstart='$PORT'/>`), bind('example', { PORT: '010' })],
    message: '“010” is no value for dstportstart (a number from 0 to 65535): vnet0 cannot be given rules with it.',
    about: 1,
    at: ['6:35', '010'],
    related: ['$PORT'],
    beside: 'more',
  },
]
