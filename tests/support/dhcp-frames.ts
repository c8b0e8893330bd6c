import { BROADCAST, ethernet, ipv4, ipv6, udp } from './frames.ts'

/** Builds frames of DHCP and neighbour discovery. Layouts: RFC 2131, 2132, 4861, 8415. */

export type DhcpFrame = {
  readonly side: 'client' | 'server'
  readonly type: number
  /** Eight hexadecimal digits. */
  readonly id: string
  /** chaddr. */
  readonly mac: string
  readonly ciaddr?: string
  readonly yiaddr?: string
  /** Option 50. */
  readonly requested?: string
  /** Option 51 in seconds. */
  readonly lifetime?: number
  /** Option 54. */
  readonly server?: string
  /** More options, as they stand in the packet. */
  readonly more?: string
  /** Of the packet and the frame, where they are not the usual ones. */
  readonly src?: string
  readonly ethSrc?: string
  readonly ethDst?: string
  readonly vlan?: number
}

export const SERVER_MAC = '52:54:00:00:00:01'

export function dhcpFrame(frame: DhcpFrame): string {
  const { side, mac, src, vlan } = frame
  const isClient = side === 'client'
  const source = src ?? (isClient ? (frame.ciaddr ?? '0.0.0.0') : (frame.server ?? '192.0.2.1'))
  const payload = isClient ? udp(68, 67, dhcpPayload(frame)) : udp(67, 68, dhcpPayload(frame))
  return ethernet({
    src: frame.ethSrc ?? (isClient ? mac : SERVER_MAC),
    dst: frame.ethDst ?? BROADCAST,
    type: '0800',
    payload: ipv4({ src: source, dst: '255.255.255.255', protocol: 17, payload }),
    ...(vlan === undefined ? {} : { vlan }),
  })
}

function dhcpPayload(frame: DhcpFrame): string {
  const { side, type, id, mac, ciaddr, yiaddr, requested, lifetime, server, more = '' } = frame
  const fixed = `${side === 'client' ? '01' : '02'}010600${id}00000000${quad(ciaddr)}${quad(yiaddr)}${quad()}${quad()}`
  const address = mac.replaceAll(':', '').padEnd(32, '0')
  const options = [
    `3501${hex(type, 1)}`,
    requested === undefined ? '' : `3204${quad(requested)}`,
    lifetime === undefined ? '' : `3304${hex(lifetime, 4)}`,
    server === undefined ? '' : `3604${quad(server)}`,
    more,
  ]
  return `${fixed}${address}${'00'.repeat(192)}63825363${options.join('')}ff`
}

export type Dhcpv6Frame = {
  readonly side: 'client' | 'server'
  readonly type: number
  /** Six hexadecimal digits. */
  readonly id: string
  readonly duid: string
  readonly addresses?: readonly { readonly address: string; readonly lifetime: number; readonly more?: string }[]
  /** Of the frame's Ethernet header. */
  readonly from: string
  readonly to: string
  readonly src?: string
  /** More options, as they stand in the packet. */
  readonly more?: string
}

export function dhcpv6Frame({ side, type, id, duid, addresses, from, to, src, more = '' }: Dhcpv6Frame): string {
  const leases = (addresses ?? []).map(({ address, lifetime, more = '' }) => {
    return option(5, `${words(address)}00000e10${hex(lifetime, 4)}${more}`)
  })
  const association = addresses === undefined ? '' : option(3, `000000010000000000000000${leases.join('')}`)
  const message = hex(type, 1) + id + option(1, duid) + association + more
  const datagram = side === 'client' ? udp(546, 547, message) : udp(547, 546, message)
  const payload = ipv6({ src: src ?? 'fe80::1', dst: 'ff02::1:2', nextHeader: 17, payload: datagram })
  return ethernet({ src: from, dst: to, type: '86dd', payload })
}

export type NeighbourFrame = {
  readonly type: 'solicitation' | 'advertisement'
  readonly from: string
  readonly target: string
  readonly src?: string
  readonly dst?: string
  readonly hopLimit?: number
  /** Of the advertisement. */
  readonly isSolicited?: boolean
  readonly options?: string
}

export function neighbourFrame(frame: NeighbourFrame): string {
  const { type, from, target, hopLimit = 255, isSolicited = false, options = '' } = frame
  const isAsking = type === 'solicitation'
  const group = `ff02::1:ff${words(target).slice(-6, -4)}:${words(target).slice(-4)}`
  const message = `${isAsking ? '87' : '88'}000000${isSolicited ? '60000000' : '20000000'}${words(target)}${options}`
  const src = frame.src ?? (isAsking ? '::' : target)
  const packet = ipv6({ src, dst: frame.dst ?? (isAsking ? group : 'ff02::1'), nextHeader: 58, payload: message })
  // The hop limit is the eighth byte.
  const payload = packet.slice(0, 14) + hex(hopLimit, 1) + packet.slice(16)
  return ethernet({ src: from, dst: '33:33:ff:00:00:01', type: '86dd', payload })
}

/** The option of a neighbour message that names a MAC address: 1 of the sender, 2 of the target. */
export function linkAddress(code: 1 | 2, mac: string): string {
  return `${hex(code, 1)}01${mac.replaceAll(':', '')}`
}

/** A frame as a capture gives it. */
export function bytesOf(frame: string): Uint8Array {
  return new Uint8Array(Buffer.from(frame, 'hex'))
}

function option(code: number, value: string): string {
  return hex(code, 2) + hex(value.length / 2, 2) + value
}

function quad(address = '0.0.0.0'): string {
  return address
    .split('.')
    .map((part) => hex(Number(part), 1))
    .join('')
}

/** The sixteen bytes of an address, as the header of a packet has them. */
function words(address: string): string {
  return ipv6({ src: address, dst: '::', nextHeader: 0, payload: '' }).slice(16, 48)
}

function hex(value: number, bytes: number): string {
  return value.toString(16).padStart(bytes * 2, '0')
}
