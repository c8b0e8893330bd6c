const PROTOCOLS: Readonly<Record<number, string>> = {
  0: 'hop-by-hop',
  1: 'ICMP',
  2: 'IGMP',
  6: 'TCP',
  17: 'UDP',
  43: 'routing',
  44: 'fragment',
  50: 'ESP',
  51: 'AH',
  58: 'ICMPv6',
  60: 'destination options',
  132: 'SCTP',
  136: 'UDP-Lite',
}
const WITH_PORTS = [6, 17, 132, 136]
const WITH_TYPE = [1, 2, 58]
const FLAGS = 'FSRPAU'

/** A frame in one line for people: who to whom, what, and its bytes. */
export function describeFrame(hex: string): string {
  const bytes = Buffer.from(hex, 'hex')
  if (bytes.length < 14) return `${bytes.length} bytes: ${hex}`
  const isTagged = bytes.readUInt16BE(12) === 0x8100 && bytes.length >= 18
  const start = isTagged ? 18 : 14
  const type = bytes.readUInt16BE(start - 2)
  const tag = isTagged ? ` VLAN ${bytes.readUInt16BE(14) & 0xfff}` : ''
  return `${mac(bytes, 6)} > ${mac(bytes, 0)}${tag} ${describeBody(type, bytes.subarray(start))}: ${hex}`
}

/** The same for what arrives at one of the places of a wire. */
export function describeArrival(at: string, hex: string): string {
  const bytes = Buffer.from(hex, 'hex')
  if (at === 'INPUT') return `${at}: ${describeIpv4(bytes)}: ${hex}`
  if (at === 'INPUT6') return `${at}: ${describeContent(bytes[0] ?? 0, bytes.subarray(1), true)}: ${hex}`
  return `${at}: ${describeFrame(hex)}`
}

function describeIpv4(packet: Buffer): string {
  if (packet.length < 20) return 'IPv4 cut off'
  const header = (packet.readUInt8(0) & 15) * 4
  const cut = packet.readUInt16BE(6) & 0x3fff
  const fragment = cut === 0 ? '' : ` fragment at ${(cut & 0x1fff) * 8}${cut & 0x2000 ? ' and more' : ''}`
  const tos = packet.readUInt8(1) === 0 ? '' : ` TOS 0x${packet.readUInt8(1).toString(16)}`
  const options = header > 20 ? ' with options' : ''
  const inside = describeContent(packet.readUInt8(9), packet.subarray(header), (cut & 0x1fff) === 0)
  return `IPv4 ${quad(packet, 12)} > ${quad(packet, 16)}${tos}${options}${fragment} ${inside}`
}

function describeBody(type: number, body: Buffer): string {
  if (type === 0x0800) return describeIpv4(body)
  if (type === 0x86dd) return describeIpv6(body)
  if (type === 0x0806 || type === 0x8035) return describeArp(type === 0x0806 ? 'ARP' : 'RARP', body)
  if (type <= 1500)
    return body.length > 6 && body.readUInt16BE(0) === 0x4242 ? `STP type ${body.readUInt8(6)}` : '802.3'
  return `EtherType 0x${type.toString(16).padStart(4, '0')}`
}

function describeIpv6(packet: Buffer): string {
  if (packet.length < 40) return 'IPv6 cut off'
  const traffic = (packet.readUInt16BE(0) >> 4) & 0xff
  let [next, at, chain, isFirst]: [number, number, string, boolean] = [packet.readUInt8(6), 40, '', true]
  while ([0, 43, 44, 51, 60].includes(next) && at + 8 <= packet.length) {
    chain += `${PROTOCOLS[next]}, `
    if (next === 44) isFirst = (packet.readUInt16BE(at + 2) & 0xfff8) === 0
    const length =
      next === 44 ? 8 : next === 51 ? (packet.readUInt8(at + 1) + 2) * 4 : (packet.readUInt8(at + 1) + 1) * 8
    ;[next, at] = [packet.readUInt8(at), at + length]
  }
  const class_ = traffic === 0 ? '' : ` class 0x${traffic.toString(16)}`
  const inside = describeContent(next, packet.subarray(at), isFirst)
  return `IPv6 ${groups(packet, 8)} > ${groups(packet, 24)}${class_} ${chain}${inside}`
}

function describeContent(protocol: number, content: Buffer, isFirst: boolean): string {
  const name = PROTOCOLS[protocol] ?? `protocol ${protocol}`
  if (!isFirst || content.length < 4) return name
  if (WITH_TYPE.includes(protocol)) return `${name} type ${content.readUInt8(0)} code ${content.readUInt8(1)}`
  if (!WITH_PORTS.includes(protocol)) return name
  const bits = protocol === 6 && content.length > 13 ? content.readUInt8(13) : 0
  const flags = [...FLAGS].filter((_, at) => bits & (1 << at)).join('')
  return `${name} ${content.readUInt16BE(0)} > ${content.readUInt16BE(2)}${protocol === 6 ? ` [${flags}]` : ''}`
}

function describeArp(name: string, body: Buffer): string {
  if (body.length < 28) return `${name} cut off`
  const [hardware, protocol, operation] = [body.readUInt16BE(0), body.readUInt16BE(2), body.readUInt16BE(6)]
  const kind = hardware === 1 && protocol === 0x800 ? '' : ` of ${hardware}/0x${protocol.toString(16)}`
  return `${name}${kind} operation ${operation} ${mac(body, 8)} ${quad(body, 14)} > ${mac(body, 18)} ${quad(body, 24)}`
}

function mac(bytes: Buffer, at: number): string {
  return [...bytes.subarray(at, at + 6)].map((byte) => byte.toString(16).padStart(2, '0')).join(':')
}

function quad(bytes: Buffer, at: number): string {
  return bytes.subarray(at, at + 4).join('.')
}

function groups(bytes: Buffer, at: number): string {
  const all = Array.from({ length: 8 }, (_, group) => bytes.readUInt16BE(at + 2 * group).toString(16)).join(':')
  return all.replace(/(^|:)0(:0)+(:|$)/, '::')
}
