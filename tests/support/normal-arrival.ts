import { LAB_HOST } from './quiet-lab.ts'
import type { Arrival } from './wire.ts'

const HOST_MAC = LAB_HOST.mac.replaceAll(':', '')
const [IPV4, IPV6, VLAN] = [0x0800, 0x86dd, 0x8100]
const [ICMP, ICMPV6, FRAGMENT, AUTHENTICATION] = [1, 58, 44, 51]
/** Headers of IPv6 in front of others. */
const EXTENSIONS: readonly number[] = [0, 43, FRAGMENT, AUTHENTICATION, 60]
/** What a host says by itself: time is up for fragments, and reports of the groups it listens to. RFC 792, 4443, 2710, 3810. */
const UNASKED4: readonly number[] = [11]
const UNASKED6: readonly number[] = [3, 131, 132, 143]
const FRAGMENTS_TIMED_OUT = 1
/** Carries the time of day. */
const TIMESTAMP_REPLY = 14

/**
 * An arrival as a text that is the same wherever a frame is treated the same: without padding, which the bridge's firewall cuts, and
 * in what the lab's host itself made without its counters. Undefined for what the host sends unasked, at times of its own, and for
 * IP packets on their way to the host's input.
 */
export function normalArrival({ at, bytes }: Arrival): string | undefined {
  // The host may be talking to itself here; nothing else changes these fields.
  if (at === 'INPUT' && bytes.length >= 20) return `${at} ${withoutCounters(Buffer.from(bytes), 0).toString('hex')}`
  if (at === 'INPUT6' && bytes[0] === ICMPV6 && bytes[1] === 3 && bytes[2] === FRAGMENTS_TIMED_OUT) return undefined
  if (at.startsWith('INPUT') || bytes.length < 14) return `${at} ${bytes.toString('hex')}`
  const start = bytes.readUInt16BE(12) === VLAN && bytes.length >= 18 ? 18 : 14
  const type = bytes.readUInt16BE(start - 2)
  // The host's input tells whether it takes a packet; some rulesets drop it before br0 gets it, some behind.
  if (at === 'br0' && start === 14 && (type === IPV4 || type === IPV6)) return undefined
  const isOfHost = bytes.toString('hex', 6, 12) === HOST_MAC
  if (type === IPV4 && bytes.length >= start + 20) return normalIpv4(at, bytes, start, isOfHost)
  if (type === IPV6 && bytes.length >= start + 40) return normalIpv6(at, bytes, start, isOfHost)
  return `${at} ${bytes.toString('hex')}`
}

function normalIpv4(at: string, bytes: Buffer, start: number, isOfHost: boolean): string | undefined {
  const packet = Buffer.from(bytes.subarray(0, start + Math.max(20, bytes.readUInt16BE(start + 2))))
  if (!isOfHost) return `${at} ${packet.toString('hex')}`
  const isIcmp = packet[start + 9] === ICMP
  if (isIcmp && UNASKED4.includes(packet[contentOf(packet, start)] ?? 0)) return undefined
  return `${at} ${withoutCounters(packet, start).toString('hex')}`
}

/** Without identification and the header's checksum, which goes with it, and without the time of day. */
function withoutCounters(packet: Buffer, start: number): Buffer {
  const content = contentOf(packet, start)
  packet.writeUInt16BE(0, start + 4)
  packet.writeUInt16BE(0, start + 10)
  if (packet[start + 9] === ICMP && packet[content] === TIMESTAMP_REPLY && packet.length >= content + 20) {
    packet.writeUInt16BE(0, content + 2)
    packet.fill(0, content + 12, content + 20)
  }
  return packet
}

function contentOf(packet: Buffer, start: number): number {
  return start + ((packet[start] ?? 0) & 15) * 4
}

function normalIpv6(at: string, bytes: Buffer, start: number, isOfHost: boolean): string | undefined {
  const packet = Buffer.from(bytes.subarray(0, start + 40 + bytes.readUInt16BE(start + 4)))
  let [next, here] = [packet[start + 6], start + 40]
  while (next !== undefined && EXTENSIONS.includes(next) && here + 8 <= packet.length) {
    // What was put together and cut again has another identification.
    if (next === FRAGMENT) packet.writeUInt32BE(0, here + 4)
    const length = next === FRAGMENT ? 8 : next === AUTHENTICATION ? 4 * byteAt(here + 1) + 8 : 8 * byteAt(here + 1) + 8
    ;[next, here] = [packet[here], here + length]
  }
  if (!isOfHost) return `${at} ${packet.toString('hex')}`
  if (next === ICMPV6 && UNASKED6.includes(byteAt(here))) return undefined
  // The flow label.
  packet.writeUInt16BE(packet.readUInt16BE(start) & 0xfff0, start)
  packet.writeUInt16BE(0, start + 2)
  return `${at} ${packet.toString('hex')}`

  function byteAt(offset: number): number {
    return packet[offset] ?? 0
  }
}
