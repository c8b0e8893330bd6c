/** Builds Ethernet frames as hexadecimal text, the form `sluice lab send` takes. Layouts: RFC 791, 826, 8200, IEEE 802.1Q. */

export type EthernetFrame = {
  readonly src: string
  readonly dst: string
  /** EtherType, four digits. */
  readonly type: string
  readonly payload: string
  /** VLAN tag control information; puts an 802.1Q tag in front of the EtherType. */
  readonly vlan?: number
}

export const BROADCAST = 'ff:ff:ff:ff:ff:ff'
const SHORTEST = 60

export function ethernet({ src, dst, type, payload, vlan }: EthernetFrame): string {
  const tag = vlan === undefined ? '' : `8100${word(vlan)}`
  return (mac(dst) + mac(src) + tag + type + payload).padEnd(SHORTEST * 2, '0')
}

export type Arp = {
  readonly operation?: number
  readonly senderMac: string
  readonly senderIp: string
  readonly targetMac?: string
  readonly targetIp: string
}

export function arp({ operation = 1, senderMac, senderIp, targetMac = '00:00:00:00:00:00', targetIp }: Arp): string {
  return `000108000604${word(operation)}${mac(senderMac)}${ipv4Address(senderIp)}${mac(targetMac)}${ipv4Address(targetIp)}`
}

export type Ipv4 = { readonly src: string; readonly dst: string; readonly protocol: number; readonly payload: string }

export function ipv4({ src, dst, protocol, payload }: Ipv4): string {
  const length = word(20 + payload.length / 2)
  const header = `4500${length}0000400040${byte(protocol)}0000${ipv4Address(src)}${ipv4Address(dst)}`
  return header.slice(0, 20) + checksum(header) + header.slice(24) + payload
}

export type Ipv6 = { readonly src: string; readonly dst: string; readonly nextHeader: number; readonly payload: string }

export function ipv6({ src, dst, nextHeader, payload }: Ipv6): string {
  return `60000000${word(payload.length / 2)}${byte(nextHeader)}40${ipv6Address(src)}${ipv6Address(dst)}${payload}`
}

/** The checksum is left out: 0 is allowed over IPv4, and no rule looks at it. */
export function udp(src: number, dst: number, payload = '00'): string {
  return `${word(src)}${word(dst)}${word(8 + payload.length / 2)}0000${payload}`
}

/** An echo request. */
export function ping(): string {
  const body = '0800000012340001'
  return body.slice(0, 4) + checksum(body) + body.slice(8)
}

function byte(value: number): string {
  return value.toString(16).padStart(2, '0')
}

function word(value: number): string {
  return value.toString(16).padStart(4, '0')
}

function mac(text: string): string {
  return text.replaceAll(':', '')
}

function ipv4Address(text: string): string {
  return text
    .split('.')
    .map((part) => byte(Number(part)))
    .join('')
}

function ipv6Address(text: string): string {
  const [head = '', tail] = text.split('::')
  const words = (part: string | undefined) => (part === undefined || part === '' ? [] : part.split(':'))
  const [before, after] = [words(head), words(tail)]
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => '0')
  return [...before, ...(tail === undefined ? [] : zeros), ...after].map((part) => part.padStart(4, '0')).join('')
}

/** The Internet checksum of RFC 1071 over a text of whole words. */
function checksum(hex: string): string {
  let sum = 0
  for (let at = 0; at < hex.length; at += 4) sum += Number.parseInt(hex.slice(at, at + 4), 16)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16)
  return word(~sum & 0xffff)
}
