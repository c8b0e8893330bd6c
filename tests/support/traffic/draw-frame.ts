import type { Random } from '../random.ts'
import { type Bytes, macBytes } from './bytes.ts'
import { drawArp } from './draw-arp.ts'
import { drawBpdu } from './draw-bpdu.ts'
import { drawPacket } from './draw-packet.ts'
import type { FrameBody, FrameDraft } from './frame-draft.ts'
import { isIpv6 } from './ip-packet.ts'
import type { Aim } from './read-aims.ts'
import type { Scene, Way } from './scene.ts'
import { BLIND, type Sight, takeSight } from './sight.ts'

const STP_GROUP = macBytes('01:80:c2:00:00:00')
const [ARP, RARP, VLAN, IPV4, IPV6] = [0x0806, 0x8035, 0x8100, 0x0800, 0x86dd]
/** What frames hold when no rule says so: a length of 0 is made to fit, `stp` comes in such a frame. */
const USUAL: readonly Kind[] = [IPV4, IPV4, IPV4, IPV4, IPV6, IPV6, IPV6, IPV6, ARP, ARP, RARP, 'stp', 0]
const RULE_IS_FOLLOWED = 0.75

type Kind = number | 'stp'

/** Draws one frame: near a rule where one is given, otherwise of any kind. */
export function drawFrame(random: Random, scene: Scene, aim: Aim | undefined): FrameDraft & { readonly way: Way } {
  const outwards = aim === undefined || aim.direction === 'inout' ? random.chance(0.5) : aim.direction === 'out'
  // The way of the rule, or back.
  const fromGuest = random.chance(RULE_IS_FOLLOWED) ? outwards : !outwards
  const way = drawWay(random, scene, fromGuest)
  // What goes both ways is written as the guest gets it.
  const sight = aim === undefined ? BLIND : takeSight(random, aim, fromGuest !== (aim.direction === 'out'))
  const { etherType, tag } = drawType(random, scene, sight)
  const body = drawBody(random, scene, way, sight, etherType)
  if (way.sender === scene.host) return fromHost(random, scene, body) ?? drawFrame(random, scene, aim)
  return {
    way,
    from: way.sender.from,
    src: sight.address('srcmacaddr') ?? drawSource(random, scene, way),
    dst: sight.address('dstmacaddr') ?? drawDestination(random, scene, way, body),
    tag,
    body,
  }
}

/** The host sends whole packets to where it knows a way, and leaves the rest to the kernel. */
function fromHost(random: Random, { host, guest }: Scene, body: FrameBody): ReturnType<typeof drawFrame> | undefined {
  if (body.kind !== 'ip') return undefined
  const [family, cut] = [isIpv6(body.packet) ? 'ipv6' : 'ipv4', undefined] as const
  const dst = random.chance(0.8) ? (guest[family][0] ?? body.packet.dst) : body.packet.dst
  const src = random.chance(0.8) ? (host[family][0] ?? body.packet.src) : body.packet.src
  const way = { sender: host, receiver: guest, fromGuest: false }
  const packet = { ...body.packet, src, dst, cut, extensions: [] }
  return { way, from: host.from, src: host.mac, dst: guest.mac, tag: undefined, body: { kind: 'ip', packet } }
}

function drawWay(random: Random, scene: Scene, fromGuest: boolean): Way {
  const { guest, outside, neighbour, host } = scene
  if (!fromGuest) return { sender: random.pick([outside, outside, neighbour, host]), receiver: guest, fromGuest }
  return { sender: guest, receiver: random.pick([outside, outside, host, host, neighbour]), fromGuest }
}

/** The EtherType that the rule wants, or any. */
function drawType(random: Random, scene: Scene, sight: Sight): { etherType: Kind; tag: number | undefined } {
  const priorities = random.pick([0, 0, 0x2000, 0x1000, 0xe000])
  const tag = () => priorities | (sight.number('vlanid', 4095) ?? random.pick([0, 1, 5, 100, 4094, random.below(4096)]))
  const any = () => random.pick<Kind>(random.chance(0.08) ? scene.etherTypes : USUAL)
  const seldom = random.chance(0.04) ? tag() : undefined
  switch (sight.protocol) {
    case undefined:
    case 'none':
      return { etherType: any(), tag: seldom }
    case 'mac': {
      const etherType = sight.number('protocolid', 0xffff) ?? any()
      return etherType === VLAN ? { etherType: any(), tag: tag() } : { etherType, tag: seldom }
    }
    case 'vlan': {
      const inner = sight.number('encap-protocol', 0xffff)
      // libvirt writes the number in decimal, and ebtables reads hexadecimal.
      const misread = inner === undefined ? undefined : Number.parseInt(String(inner), 16) & 0xffff
      const etherType = inner === undefined ? any() : random.pick([inner, misread ?? inner])
      return { etherType, tag: random.chance(0.9) ? tag() : undefined }
    }
    case 'stp':
      return { etherType: 'stp', tag: seldom }
    case 'arp':
      return { etherType: random.chance(0.95) ? ARP : RARP, tag: seldom }
    case 'rarp':
      return { etherType: random.chance(0.95) ? RARP : ARP, tag: seldom }
    default: {
      const isIpv6 = /ipv6|icmpv6/.test(sight.protocol)
      return { etherType: isIpv6 ? IPV6 : IPV4, tag: seldom }
    }
  }
}

function drawBody(random: Random, scene: Scene, way: Way, sight: Sight, etherType: Kind): FrameBody {
  if (etherType === 'stp') return { kind: 'stp', bpdu: drawBpdu(random, scene, sight) }
  if (etherType === IPV4 || etherType === IPV6)
    return { kind: 'ip', packet: drawPacket(random, scene, way, sight, etherType === IPV6) }
  if (etherType === ARP || etherType === RARP)
    return { kind: 'arp', etherType, arp: drawArp(random, scene, way, sight, etherType === RARP) }
  const data = Array.from({ length: 4 + random.below(60) }, () => random.below(256))
  // LLC: unnumbered information for a service access point, or a SNAP header with an EtherType in it.
  const llc = random.pick([
    [0xe0, 0xe0, 3],
    [0xaa, 0xaa, 3, 0, 0, 0, 8, 0],
  ])
  return { kind: 'other', etherType, data: etherType <= 1500 ? [...llc, ...data] : data }
}

function drawSource(random: Random, scene: Scene, { sender }: Way): Bytes {
  if (random.chance(0.9)) return sender.mac
  const mac = random.pick(scene.macs)
  // No bridge takes a frame from a group.
  return (mac[0] ?? 0) & 1 ? randomMac(random) : mac
}

function drawDestination(random: Random, scene: Scene, { receiver }: Way, body: FrameBody): Bytes {
  if (body.kind === 'stp') return random.chance(0.95) ? STP_GROUP : receiver.mac
  const group = body.kind === 'ip' ? groupMac(body.packet.dst) : undefined
  if (group !== undefined && random.chance(0.8)) return group
  if (random.chance(body.kind === 'arp' ? 0.5 : 0.85)) return receiver.mac
  return random.pick([macBytes('ff:ff:ff:ff:ff:ff'), random.pick(scene.macs), randomMac(random)])
}

/** The group that a multicast or broadcast address belongs to. RFC 1112, 2464. */
function groupMac(address: Bytes): Bytes | undefined {
  if (address.length === 16) return address[0] === 0xff ? [0x33, 0x33, ...address.slice(12)] : undefined
  if (address.every((byte) => byte === 0xff)) return address.concat(0xff, 0xff)
  const [first = 0, second = 0, third = 0, fourth = 0] = address
  return first >> 4 === 0xe ? [1, 0, 0x5e, second & 0x7f, third, fourth] : undefined
}

function randomMac(random: Random): Bytes {
  return [0x52, 0x54, 0, random.below(256), random.below(256), random.below(256)]
}
