import { bytes } from './bytes.ts'
import { type ArpSender, parseArp } from './parse-arp.ts'
import { type DhcpMessage, parseDhcp } from './parse-dhcp.ts'
import { type Dhcpv6Message, parseDhcpv6 } from './parse-dhcpv6.ts'
import { parseEthernet } from './parse-ethernet.ts'
import { parseIpv4 } from './parse-ipv4.ts'
import { parseIpv6 } from './parse-ipv6.ts'
import { type NeighbourMessage, parseNeighbour } from './parse-neighbour.ts'
import { parseUdp } from './parse-udp.ts'

/** What a frame says about addresses, and the MAC addresses in its Ethernet header. */
export type ParsedFrame = {
  readonly from: string
  readonly to: string
  readonly said: ArpSender | DhcpMessage | Dhcpv6Message | NeighbourMessage | Ipv4Source
}

/** An IPv4 packet that is no DHCP. */
export type Ipv4Source = { readonly kind: 'ipv4'; readonly address: string }

const [UDP, ICMPV6] = [17, 58]
const [DHCP_SERVER, DHCP_CLIENT, DHCPV6_CLIENT, DHCPV6_SERVER] = [67, 68, 546, 547]

/** Reads a frame with its Ethernet header; undefined where it says nothing about addresses or is malformed. Never throws. */
export function parseFrame(frame: Uint8Array): ParsedFrame | undefined {
  const header = parseEthernet(frame)
  if (header === undefined) return undefined
  const said = parsePayload(frame, header.type, header.at)
  return said && { from: header.source, to: header.destination, said }
}

function parsePayload(frame: Uint8Array, type: number, at: number): ParsedFrame['said'] | undefined {
  if (type === 0x0806) return parseArp(frame, at)
  if (type === 0x0800) return parseIpv4Payload(frame, at)
  return type === 0x86dd ? parseIpv6Payload(frame, at) : undefined
}

/** A datagram between the ports of DHCP is DHCP or nothing: what cannot be read does not count as a first packet. */
function parseIpv4Payload(frame: Uint8Array, at: number): ParsedFrame['said'] | undefined {
  const packet = parseIpv4(frame, at)
  if (packet === undefined) return undefined
  const { source } = packet
  const side = packet.protocol === UDP && !packet.isFragment ? sideOf(frame, packet.from) : undefined
  if (side === undefined) return { kind: 'ipv4', address: source }
  const udp = parseUdp(frame, packet)
  return udp && parseDhcp(frame, { from: udp.from, to: udp.to, source, side })
}

/** Who speaks, by the ports alone: the payload of other datagrams may not have been captured. */
function sideOf(frame: Uint8Array, at: number): DhcpMessage['side'] | undefined {
  const [from, to] = [bytes.word(frame, at), bytes.word(frame, at + 2)]
  if (from === DHCP_CLIENT && to === DHCP_SERVER) return 'client'
  return from === DHCP_SERVER && to === DHCP_CLIENT ? 'server' : undefined
}

function parseIpv6Payload(frame: Uint8Array, at: number): ParsedFrame['said'] | undefined {
  const packet = parseIpv6(frame, at)
  if (packet === undefined) return undefined
  if (packet.nextHeader === ICMPV6) return parseNeighbour(frame, packet)
  const udp = packet.nextHeader === UDP ? parseUdp(frame, packet) : undefined
  if (udp === undefined) return undefined
  const part = { from: udp.from, to: udp.to, source: packet.source }
  // Where it goes to tells who speaks: a server may answer from any port. RFC 8415 7.2.
  if (udp.destination === DHCPV6_SERVER) return parseDhcpv6(frame, { ...part, side: 'client' })
  return udp.destination === DHCPV6_CLIENT ? parseDhcpv6(frame, { ...part, side: 'server' }) : undefined
}
