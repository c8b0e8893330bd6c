import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { builtinFilters } from '#engine'
import { sendFrames } from '../../agent/lab/send-frames.ts'
import { BROADCAST, udp } from '../support/frames.ts'
import { dhcp, into, neighbourSolicitation, out, STRANGER, type TestFrame } from '../support/frames-of-guest.ts'
import { desire, GUEST, type LabHost, NEIGHBOUR, OUTSIDE, openLabHost } from '../support/lab-host.ts'

type Case = {
  readonly filter: string
  readonly parameters?: Readonly<Record<string, string>>
  /** A filter that only allows shows what it does when everything else is dropped behind it. */
  readonly thenDropRest?: boolean
  readonly passes: readonly TestFrame[]
  readonly drops: readonly TestFrame[]
}

const IP = { IP: GUEST.ip }
const MULTICAST = { dst: '01:00:5e:00:00:fb', dstIp: '224.0.0.251' }
const MULTICAST6 = { dst: '33:33:00:00:00:fb', dstIp: 'ff02::fb' }

const CASES: readonly Case[] = [
  {
    filter: 'allow-arp',
    thenDropRest: true,
    passes: [out.arp(), out.arp({ senderIp: STRANGER.ip }), into.arp()],
    drops: [out.ip(), out.ip6(), out.announce(), into.ip(), into.ip6()],
  },
  {
    filter: 'allow-dhcp',
    thenDropRest: true,
    passes: [dhcp.discover(), dhcp.offer(), dhcp.offer({ srcIp: '192.0.2.77' })],
    drops: [
      dhcp.discover({ srcIp: GUEST.ip }),
      dhcp.discover({ payload: udp(69, 67) }),
      dhcp.discover({ dstIp: '192.0.2.255' }),
      dhcp.offer({ payload: udp(66, 68) }),
      out.ip(),
      into.ip(),
      out.arp(),
    ],
  },
  {
    filter: 'allow-dhcp-server',
    parameters: { DHCPSERVER: OUTSIDE.ip },
    thenDropRest: true,
    passes: [dhcp.discover(), dhcp.offer()],
    drops: [dhcp.offer({ srcIp: '192.0.2.77' }), dhcp.offer({ payload: udp(67, 69) }), out.ip(), into.ip()],
  },
  {
    filter: 'allow-dhcpv6',
    thenDropRest: true,
    passes: [dhcp.solicit(), dhcp.advertise(), dhcp.advertise({ srcIp: 'fe80::77' })],
    drops: [
      dhcp.solicit({ srcIp: GUEST.ip6 }),
      dhcp.solicit({ dstIp: 'ff02::1:3' }),
      dhcp.solicit({ payload: udp(546, 548) }),
      dhcp.advertise({ payload: udp(547, 545) }),
      out.ip6(),
      into.ip6(),
      out.ip(),
    ],
  },
  {
    filter: 'allow-dhcpv6-server',
    parameters: { DHCPSERVER: 'fe80::1' },
    thenDropRest: true,
    passes: [dhcp.solicit(), dhcp.advertise()],
    drops: [dhcp.advertise({ srcIp: 'fe80::77' }), out.ip6(), into.ip6()],
  },
  {
    filter: 'allow-incoming-ipv4',
    thenDropRest: true,
    passes: [into.ip(), dhcp.offer()],
    drops: [out.ip(), into.ip6(), into.arp(), out.arp()],
  },
  {
    filter: 'allow-incoming-ipv6',
    thenDropRest: true,
    passes: [into.ip6(), dhcp.advertise()],
    drops: [out.ip6(), into.ip(), into.arp(), out.ip()],
  },
  {
    filter: 'allow-ipv4',
    thenDropRest: true,
    passes: [out.ip(), into.ip(), out.ip({ srcIp: STRANGER.ip })],
    drops: [out.ip6(), into.ip6(), out.arp(), into.arp()],
  },
  {
    filter: 'allow-ipv6',
    thenDropRest: true,
    passes: [out.ip6(), into.ip6(), out.ip6({ srcIp: STRANGER.ip6 })],
    drops: [out.ip(), into.ip(), out.arp(), into.arp()],
  },
  {
    filter: 'clean-traffic',
    parameters: IP,
    passes: [out.ip(), out.arp(), into.ip(), into.arp(), dhcp.discover(), dhcp.offer(), out.raw('0835')],
    drops: [
      out.ip({ src: STRANGER.mac }),
      out.ip({ srcIp: STRANGER.ip }),
      out.ip({ src: STRANGER.mac, srcIp: STRANGER.ip }),
      out.arp({ senderIp: STRANGER.ip }),
      out.arp({ senderMac: STRANGER.mac }),
      out.arp({ src: STRANGER.mac }),
      out.ip6(),
      into.ip6(),
      out.announce({ of: STRANGER.mac }),
      out.raw('88cc'),
    ],
  },
  {
    filter: 'clean-traffic-gateway',
    parameters: { ...IP, GATEWAY_MAC: OUTSIDE.mac },
    passes: [out.ip(), into.ip(), out.arp(), into.arp()],
    drops: [
      out.ip({ peer: NEIGHBOUR }),
      into.ip({ peer: NEIGHBOUR }),
      out.ip({ src: STRANGER.mac }),
      out.ip({ srcIp: STRANGER.ip }),
      out.arp({ senderIp: STRANGER.ip }),
    ],
  },
  {
    filter: 'no-arp-ip-spoofing',
    parameters: IP,
    passes: [out.arp(), out.arp({ senderMac: STRANGER.mac }), into.arp(), out.ip({ srcIp: STRANGER.ip })],
    drops: [out.arp({ senderIp: STRANGER.ip }), out.arp({ senderIp: '0.0.0.0' })],
  },
  {
    filter: 'no-arp-mac-spoofing',
    passes: [out.arp(), out.arp({ senderIp: STRANGER.ip }), into.arp(), out.ip({ src: STRANGER.mac })],
    drops: [out.arp({ senderMac: STRANGER.mac })],
  },
  {
    filter: 'no-arp-spoofing',
    parameters: IP,
    passes: [out.arp(), into.arp(), out.ip({ srcIp: STRANGER.ip })],
    drops: [out.arp({ senderIp: STRANGER.ip }), out.arp({ senderMac: STRANGER.mac })],
  },
  {
    filter: 'no-ip-multicast',
    passes: [out.ip(), out.ip6(MULTICAST6), into.ip(MULTICAST), out.arp()],
    drops: [out.ip(MULTICAST), out.ip({ ...MULTICAST, dstIp: '239.255.255.250' })],
  },
  {
    filter: 'no-ip-spoofing',
    parameters: IP,
    passes: [
      out.ip(),
      out.ip({ srcIp: '0.0.0.0', protocol: 17, payload: udp(68, 67) }),
      into.ip(),
      into.ip({ srcIp: STRANGER.ip }),
      out.arp({ senderIp: STRANGER.ip }),
      out.ip6(),
    ],
    drops: [out.ip({ srcIp: STRANGER.ip }), out.ip({ srcIp: '0.0.0.0' })],
  },
  {
    filter: 'no-ipv6-multicast',
    passes: [out.ip6(), out.ip(MULTICAST), into.ip6(MULTICAST6)],
    drops: [out.ip6(MULTICAST6), out.ip6({ ...MULTICAST6, dstIp: 'ff05::2' })],
  },
  {
    filter: 'no-ipv6-spoofing',
    parameters: { IPV6: GUEST.ip6 },
    passes: [out.ip6(), dhcp.solicit(), into.ip6({ srcIp: STRANGER.ip6 }), out.ip({ srcIp: STRANGER.ip })],
    drops: [out.ip6({ srcIp: STRANGER.ip6 }), neighbourSolicitation({ srcIp: 'fe80::10' })],
  },
  {
    filter: 'no-mac-broadcast',
    passes: [out.ip(), out.arp(), into.ip({ dst: BROADCAST }), out.ip(MULTICAST)],
    drops: [out.ip({ dst: BROADCAST }), dhcp.discover()],
  },
  {
    filter: 'no-mac-spoofing',
    passes: [out.ip(), out.arp(), out.raw('88cc'), into.ip(), out.ip({ srcIp: STRANGER.ip })],
    drops: [
      out.ip({ src: STRANGER.mac }),
      out.arp({ src: STRANGER.mac }),
      out.ip6({ src: STRANGER.mac }),
      out.announce({ src: STRANGER.mac }),
    ],
  },
  {
    filter: 'no-other-l2-traffic',
    passes: [{ ...into.ip({ peer: NEIGHBOUR, dst: OUTSIDE.mac }), to: OUTSIDE.portDevice, what: 'another NIC' }],
    drops: [out.ip(), out.ip6(), out.arp(), out.raw('88cc'), into.ip(), into.ip6(), into.arp()],
  },
  {
    filter: 'no-other-rarp-traffic',
    passes: [out.ip(), out.arp(), into.arp(), out.raw('0835')],
    drops: [out.announce(), into.announce()],
  },
  {
    filter: 'qemu-announce-self',
    passes: [out.announce(), out.raw('0835'), out.ip(), out.arp(), into.announce({ of: GUEST.mac })],
    drops: [out.announce({ of: STRANGER.mac }), out.announce({ dst: OUTSIDE.mac }), into.announce()],
  },
  {
    filter: 'qemu-announce-self-rarp',
    thenDropRest: true,
    passes: [out.announce(), into.announce({ of: GUEST.mac })],
    drops: [out.announce({ of: STRANGER.mac }), out.announce({ dst: OUTSIDE.mac }), into.announce(), out.ip()],
  },
]

/** A sub-chain accepts what it has no verdict for (spec 4.7), so the rest is dropped in the filter's own chain, and in root. */
function thenDrop(filter: string): Readonly<Record<string, string>> {
  const chain = /chain="([^"]+)"/.exec(builtinFilters.find(({ name }) => name === filter)?.xml ?? '')?.[1] ?? 'root'
  const drop = `<rule action='drop' direction='inout' priority='1000'/>`
  return {
    'then-drop': `<filter name='then-drop' chain='root'><filterref filter='${filter}'/><filterref filter='rest'/>${drop}</filter>`,
    rest: `<filter name='rest' chain='${chain}'>${drop}</filter>`,
  }
}

let labHost: LabHost
beforeAll(async () => {
  labHost = await openLabHost()
})
afterAll(() => labHost.close())

test('each built-in filter has its case', () => {
  expect(CASES.map(({ filter }) => filter)).toEqual(builtinFilters.map(({ name }) => name).sort())
})

test('without a filter every frame of the cases arrives', async () => {
  const frames = CASES.flatMap(({ passes, drops }) => [...passes, ...drops])
  const distinct = [...new Map(frames.map((frame) => [`${frame.from} ${frame.hex}`, frame])).values()]
  expect(await missing(distinct)).toEqual([])
})

describe.each(CASES)('$filter', ({ filter, parameters, thenDropRest, passes, drops }) => {
  test('drops what it must, passes what it must', async () => {
    const wanted = thenDropRest ? desire('then-drop', parameters, thenDrop(filter)) : desire(filter, parameters)
    expect(await labHost.host.install(wanted)).toMatchObject({ ok: true })
    const notArrived = await missing([...passes, ...drops])
    expect(notArrived).toEqual(drops.map(({ what }) => what))
  })
})

test('a sub-chain accepts what none of its rules judges, whatever stands behind it in root', async () => {
  const own = { 'then-drop': thenDrop('allow-dhcp')['then-drop']?.replace(`<filterref filter='rest'/>`, '') ?? '' }
  expect(await labHost.host.install(desire('then-drop', {}, own))).toMatchObject({ ok: true })
  expect(await missing([out.ip(), into.ip(), out.arp()])).toEqual([out.arp().what])
})

/** Sends the frames and names those that were not seen where they belong. */
async function missing(frames: readonly TestFrame[]): Promise<readonly string[]> {
  const arrived = await sendFrames(labHost.lab, frames)
  return frames.filter(({ to }, at) => !arrived[at]?.includes(to)).map(({ what }) => what)
}
