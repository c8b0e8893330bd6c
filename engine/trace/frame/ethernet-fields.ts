import type { PacketField, StpField } from '../../protocols/packet-field.ts'
import { byteAt, byteIn, ipv6At, longAt, macAt, wordAt, wordIn } from './bytes.ts'
import { ETHER_TYPE, type Frame } from './frame.ts'

/** Reads a field; undefined where a frame does not have it. Addresses of IPv6 are bigints, everything else is a number. */
export type FieldReader = (frame: Frame) => number | bigint | undefined

const LLC = 0x0004
const NOVELL = 0x0001
const ARP_HEADER = 8
const ETHERNET_HARDWARE = 1
/** The bytes a bridge protocol data unit begins with, as ebt_stp wants them. */
const BPDU: readonly number[] = [0x42, 0x42, 3, 0, 0, 0]
const BPDU_LENGTH = 37
/**
 * Where ebt_stp looks for the fields of a bridge protocol data unit, and how long they are. The kernel takes the protocol identifier
 * for one byte and not two: every field is read one byte too early, `type` is the version, and `flags` is the type.
 */
const STP_PLACES: Readonly<Record<StpField, readonly [at: number, length: 1 | 2 | 4 | 6]>> = {
  type: [5, 1],
  flags: [6, 1],
  'root-priority': [7, 2],
  'root-address': [9, 6],
  'root-cost': [15, 4],
  'sender-priority': [19, 2],
  'sender-address': [21, 6],
  port: [27, 2],
  age: [29, 2],
  'max-age': [31, 2],
  'hello-time': [33, 2],
  'forward-delay': [35, 2],
}
const READ_BY_LENGTH = { 1: byteAt, 2: wordAt, 4: longAt, 6: macAt } as const

/** A field of the network header, there when so many bytes of the header are. */
function inHeader<Value>(
  length: number,
  read: (bytes: Uint8Array, at: number) => Value | undefined,
  offset: number,
): (frame: Frame) => Value | undefined {
  return ({ bytes, network }) => (bytes.length < network + length ? undefined : read(bytes, network + offset))
}

const inIpv4 = <Value>(read: (bytes: Uint8Array, at: number) => Value | undefined, offset: number) =>
  inHeader(20, read, offset)
const tosOf = inIpv4(byteAt, 1)

/** Fields as the matches of ebtables read them: bytes at fixed places, whatever the header says of itself. */
const READERS: Partial<Readonly<Record<PacketField, FieldReader>>> = {
  'ether daddr': ({ bytes }) => macAt(bytes, 0),
  'ether saddr': ({ bytes }) => macAt(bytes, 6),
  'ether type': ({ etherType }) => etherType,
  'vlan id': ({ tag }) => (tag === undefined ? undefined : tag & 0xfff),
  'vlan type': encapsulatedType,
  'arp htype': inHeader(ARP_HEADER, wordAt, 0),
  'arp ptype': inHeader(ARP_HEADER, wordAt, 2),
  'arp operation': inHeader(ARP_HEADER, wordAt, 6),
  'arp saddr ip': (frame) => arpAddresses(frame)?.[0],
  'arp daddr ip': (frame) => arpAddresses(frame)?.[1],
  'arp saddr ether': (frame) => arpMac(frame, () => 0),
  'arp daddr ether': (frame) => arpMac(frame, (bytes, at) => 6 + byteIn(bytes, at + 5)),
  'ip saddr': inIpv4(longAt, 12),
  'ip daddr': inIpv4(longAt, 16),
  'ip protocol': inIpv4(byteAt, 9),
  'ip tos': tosOf,
  'ip dscp': (frame) => {
    const tos = tosOf(frame)
    return tos === undefined ? undefined : tos >> 2
  },
  'ip6 saddr': inHeader(40, ipv6At, 8),
  'ip6 daddr': inHeader(40, ipv6At, 24),
  'ip6 protocol': ({ skipped }) => skipped?.protocol,
  sport: (frame) => port(frame, 0),
  dport: (frame) => port(frame, 2),
}

/** Reads a field for a rule of the Ethernet layer. */
export function ethernetField(field: PacketField): FieldReader {
  if (field.startsWith('stp ')) return stpField(field.slice(4) as StpField)
  return READERS[field] ?? (() => undefined)
}

/** Whether a frame holds what ebt_stp takes for a bridge protocol data unit. */
export function isBpdu({ bytes, network }: Frame): boolean {
  return BPDU.every((byte, at) => bytes[network + at] === byte)
}

/** Sender and target address of an ARP packet about IPv4; both have to be there before ebt_arp looks at either. */
export function arpAddresses({ bytes, network }: Frame): readonly [sender: number, target: number] | undefined {
  const hardware = byteAt(bytes, network + 4)
  const isAboutIpv4 = wordAt(bytes, network + 2) === ETHER_TYPE.ipv4 && byteAt(bytes, network + 5) === 4
  if (hardware === undefined || !isAboutIpv4) return undefined
  const sender = longAt(bytes, network + ARP_HEADER + hardware)
  const target = longAt(bytes, network + ARP_HEADER + 2 * hardware + 4)
  return sender === undefined || target === undefined ? undefined : [sender, target]
}

/** Type and code of an ICMPv6 message, wherever its header is found. */
export function icmpv6Type({ bytes, skipped }: Frame): readonly [type: number, code: number] | undefined {
  if (skipped === undefined || bytes.length < skipped.at + 4) return undefined
  return [byteIn(bytes, skipped.at), byteIn(bytes, skipped.at + 1)]
}

function stpField(field: StpField): FieldReader {
  const [at, length] = STP_PLACES[field]
  const read = READ_BY_LENGTH[length]
  const needed = field === 'type' ? BPDU.length : BPDU_LENGTH
  return inHeader(needed, read, at)
}

/** The kernel has numbers of its own for what has a length in the place of a type. */
function encapsulatedType({ bytes, tag, protocol, network }: Frame): number | undefined {
  if (tag === undefined) return undefined
  if (protocol >= 0x600) return protocol
  return wordAt(bytes, network) === 0xffff ? NOVELL : LLC
}

/** A MAC address in an ARP packet between Ethernet devices. */
function arpMac({ bytes, network }: Frame, skip: (bytes: Uint8Array, at: number) => number): number | undefined {
  const isOfEthernet = wordAt(bytes, network) === ETHERNET_HARDWARE && byteAt(bytes, network + 4) === 6
  if (bytes.length < network + ARP_HEADER || !isOfEthernet) return undefined
  return macAt(bytes, network + ARP_HEADER + skip(bytes, network))
}

function port({ bytes, network, etherType, skipped }: Frame, offset: number): number | undefined {
  let at = skipped?.at
  if (etherType !== ETHER_TYPE.ipv6) {
    if (bytes.length < network + 20 || (wordIn(bytes, network + 6) & 0x1fff) !== 0) return undefined
    at = network + (byteIn(bytes, network) & 15) * 4
  }
  return at === undefined || bytes.length < at + 4 ? undefined : wordAt(bytes, at + offset)
}
