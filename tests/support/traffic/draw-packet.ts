import type { Random } from '../random.ts'
import type { Bytes } from './bytes.ts'
import type { Cut, IpPacket } from './ip-packet.ts'
import type { Party, Scene, Way } from './scene.ts'
import { PROTOCOL, type Segment, TCP_FLAG } from './segment.ts'
import type { Sight } from './sight.ts'

const { SYN, ACK, FIN, RST, PSH, URG } = TCP_FLAG
/** The protocol that an element of the IP layer stands for. */
const OF_ELEMENT: Readonly<Record<string, number>> = PROTOCOL
/** A loose source route at its end, record route, timestamps that are full, router alert, nothing: whole words each. */
const IPV4_OPTIONS: readonly Bytes[] = [
  [131, 7, 8, 192, 0, 2, 1, 0],
  [7, 7, 4, 0, 0, 0, 0, 0],
  [68, 8, 9, 0, 0, 0, 0, 0],
  [148, 4, 0, 0],
  [1, 1, 1, 0],
]
/** Extension headers of IPv6, and the number that says that nothing follows. */
const IN_FRONT: readonly number[] = [0, 43, 44, 60]
const NOTHING = 59
/** In the order of RFC 8200, section 4.1. */
const EXTENSIONS: readonly (readonly number[])[] = [[0], [60], [43], [44], [51], [0, 60, 43], [0, 44], [43, 51, 60]]

/** Draws an IP packet on its way, near the rule where there is one. */
export function drawPacket(random: Random, scene: Scene, way: Way, sight: Sight, isIpv6: boolean): IpPacket {
  const element = OF_ELEMENT[sight.protocol?.replace(/-ipv6$/, '') ?? '']
  // An element of the IP layer misses its protocol now and then.
  const wanted = element !== undefined && random.chance(0.93) ? element : sight.number('protocol', 0xff)
  const usual = isIpv6 ? PROTOCOL.icmpv6 : PROTOCOL.icmp
  const drawn =
    wanted ?? random.pick([PROTOCOL.tcp, PROTOCOL.tcp, PROTOCOL.udp, PROTOCOL.udp, usual, random.pick(scene.protocols)])
  // The number of a header that stands in front of others is that header, with nothing behind it.
  const isHeader = isIpv6 && IN_FRONT.includes(drawn)
  const protocol = isHeader ? NOTHING : drawn
  const segment = drawSegment(random, scene, sight, protocol)
  const isOdd = (probability: number) => random.chance(probability)
  return {
    src: sight.address('srcipaddr') ?? drawAddress(random, scene, way.sender, isIpv6),
    dst: sight.address('dstipaddr') ?? drawAddress(random, scene, way.receiver, isIpv6),
    tos: drawTos(random, sight),
    ttl: isOdd(0.05) ? random.pick([1, 255]) : 64,
    ident: 1 + random.below(0xfffe),
    options: !isIpv6 && isOdd(0.06) ? random.pick(IPV4_OPTIONS) : [],
    extensions: isHeader ? [drawn] : isIpv6 && isOdd(0.12) ? random.pick(EXTENSIONS) : [],
    cut: isOdd(0.08) ? drawCut(random) : undefined,
    segment,
  }
}

/** A DSCP is the upper six bits; libvirt gives ebtables the same number for all eight. */
function drawTos(random: Random, sight: Sight): number {
  const dscp = sight.number('dscp', 63)
  if (dscp === undefined) return random.chance(0.85) ? 0 : random.below(256)
  return random.pick([dscp << 2, (dscp << 2) | random.below(4), dscp])
}

function drawAddress(random: Random, scene: Scene, party: Party, isIpv6: boolean): Bytes {
  if (random.chance(0.8)) return random.pick(isIpv6 ? party.ipv6 : party.ipv4)
  return random.pick(isIpv6 ? scene.ipv6 : scene.ipv4)
}

function drawCut(random: Random): Cut {
  const sent = random.pick(['all', 'all', 'first', 'middle', 'last'] as const)
  return { at: random.pick([[1], [2], [3], [1, 2], [1, 3]]), sent }
}

function drawSegment(random: Random, scene: Scene, sight: Sight, protocol: number): Segment {
  const port = (name: string) => sight.number(`${name}portstart`, 0xffff, `${name}portend`)
  const anyPort = () => random.pick([random.pick(scene.ports), scene.nextPort(), random.below(0x10000)])
  const flags = random.chance(0.7)
    ? random.pick([SYN, SYN, ACK, SYN | ACK, ACK | PSH, FIN | ACK, RST, RST | ACK, ACK | URG])
    : random.below(64)
  const [type, code] = drawType(random, sight, protocol)
  return {
    protocol,
    srcPort: port('src') ?? anyPort(),
    dstPort: port('dst') ?? anyPort(),
    sequence: random.below(2 ** 32),
    acknowledged: random.below(2 ** 32),
    flags: sight.flags() ?? flags,
    option: sight.number('option', 0xff) ?? (random.chance(0.2) ? random.pick([2, 3, 4, 5, 8, 30]) : undefined),
    type,
    code,
    rest: protocol === PROTOCOL.sctp && type === 1 ? [0, 0, 0, 0] : drawBytes(random, 4),
    data: drawBytes(random, random.pick([0, 8, 24, 32, 40])),
  }
}

function drawType(random: Random, sight: Sight, protocol: number): readonly [type: number, code: number] {
  const usual: Readonly<Record<number, readonly number[]>> = {
    [PROTOCOL.icmp]: [8, 8, 0, 3, 5, 11, 12, 13, 14, 17, 18],
    [PROTOCOL.icmpv6]: [128, 128, 129, 1, 2, 3, 4, 130, 133, 134, 135, 136, 137, 143],
    [PROTOCOL.igmp]: [0x11, 0x16, 0x17, 0x22],
    [PROTOCOL.sctp]: [1, 2, 0, 6, 10, 11, 14],
  }
  const any = random.chance(0.85) ? random.pick(usual[protocol] ?? [0]) : random.below(256)
  const codes = random.chance(0.7) ? 0 : random.below(16)
  return [sight.number('type', 0xff, 'typeend') ?? any, sight.number('code', 0xff, 'codeend') ?? codes]
}

function drawBytes(random: Random, length: number): Bytes {
  return Array.from({ length }, () => random.below(256))
}
