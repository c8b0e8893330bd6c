import type { backendNotes } from '../../scripts/backend-notes.ts'
import type { BoundFilter } from './compile-ruleset.ts'

type Note = keyof typeof backendNotes

const [IPV4, IPV6] = [0x0800, 0x86dd]
const [ICMP, TCP, UDP, AH, ICMPV6, SCTP] = [1, 6, 17, 51, 58, 132]
const PORT_PROTOCOLS = ['tcp', 'udp', 'tcp-ipv6', 'udp-ipv6']
/** Headers of IPv6 that stand in front of others, and the fragment header. */
const EXTENSIONS = new Set([0, 43, 44, AH, 60])
const TRANSPORT_BYTES: Readonly<Record<number, number>> = { [ICMP]: 8, [TCP]: 20, [UDP]: 8, [ICMPV6]: 8, [SCTP]: 12 }
/** FIN and RST. */
const CLOSING = 0x05
/** As far as anything is read of a later fragment: to the TCP flags. */
const READ_BYTES = 14
const PORTS = ['srcportstart', 'srcportend', 'dstportstart', 'dstportend']

/**
 * Why this frame may meet another verdict with nftables than with libvirt's chains, by the notes of docs/dialects.md; undefined
 * where both must treat it alike.
 */
export function deliberateDifference(
  hex: string,
  { filters, dialect, ruleset }: BoundFilter,
  tracks: boolean,
): Note | undefined {
  const bytes = Buffer.from(hex, 'hex')
  const rules = [...filters.values()].flatMap(({ entries }) =>
    entries.flatMap((one) => (one.kind === 'rule' ? [one] : [])),
  )
  const has = (protocols: readonly string[] | 'any', attributes: readonly string[]) =>
    rules.some(
      ({ protocol, matches }) =>
        (protocols === 'any' || protocols.includes(protocol)) &&
        matches.some(({ attribute }) => attributes.includes(attribute)),
    )
  if (dialect === 'strict' && hex.startsWith('0180c2000000') && rules.some(({ protocol }) => protocol === 'stp'))
    return 'stp-fields'
  const type = bytes.readUInt16BE(12)
  if (type !== IPV4 && type !== IPV6) return undefined
  if (tracks && ((bytes[0] ?? 0) & 1) === 1) return 'group-mac-connection'
  const { protocol, at, offset, left, seesAh } = type === IPV4 ? readIpv4(bytes) : readIpv6(bytes)
  if (seesAh && has(['ipv6'], ['protocol', 'srcportstart', 'dstportstart', 'type'])) return 'ah-in-ipv6'
  if (seesAh && has('any', ['ipset'])) return 'ah-in-ipv6'
  if (protocol === TCP && offset === 0 && ((bytes[at + 13] ?? 0) & CLOSING) !== 0)
    if (has('any', ['connlimit-above'])) return 'closed-connection'
  if (protocol === TCP || protocol === UDP) if (ruleset.shape.ip.some(losesInIptables)) return 'iptables-1.8.9'
  const needed = TRANSPORT_BYTES[protocol]
  if (needed === undefined) return undefined
  const ownLength = protocol === TCP ? ((bytes[at + 12] ?? 0) >> 4) * 4 : 0
  const isShort =
    offset === 0 ? left < Math.max(needed, ownLength) : left < READ_BYTES || (offset === 1 && protocol === TCP)
  const asks =
    protocol === SCTP
      ? has(['sctp', 'sctp-ipv6'], PORTS)
      : protocol === ICMP || protocol === ICMPV6
        ? has(['icmp', 'icmpv6'], ['type'])
        : has(PORT_PROTOCOLS, [...PORTS, 'flags', 'option'])
  return isShort && asks ? 'short-transport-header' : undefined
}

/** A rule with two negated ports, or with TCP flags under no mask. */
function losesInIptables({ rules }: BoundFilter['ruleset']['shape']['ip'][number]): boolean {
  return rules.some(({ matches }) => {
    const words = matches.map((word) => (typeof word === 'string' ? word : '…'))
    const isNegated = (option: string) => words.some((word, at) => word === option && words[at - 1] === '!')
    const mask = words.indexOf('--tcp-flags') + 1
    const isVague = mask > 0 && words[mask] === 'NONE' && (words[mask + 1] !== 'NONE' || isNegated('--tcp-flags'))
    return isVague || (isNegated('--sport') && isNegated('--dport'))
  })
}

type Packet = {
  readonly protocol: number
  /** Where what the protocol carries begins, and how much of it there is. */
  readonly at: number
  readonly left: number
  readonly offset: number
  readonly seesAh: boolean
}

function readIpv4(bytes: Buffer): Packet {
  const header = ((bytes[14] ?? 0) & 15) * 4
  const left = bytes.readUInt16BE(16) - header
  return { protocol: bytes[23] ?? 0, at: 14 + header, offset: bytes.readUInt16BE(20) & 0x1fff, left, seesAh: false }
}

function readIpv6(bytes: Buffer): Packet {
  let [protocol, at, offset, seesAh] = [bytes[20] ?? 0, 54, 0, false]
  const end = 54 + bytes.readUInt16BE(18)
  while (EXTENSIONS.has(protocol) && at + 8 <= Math.min(end, bytes.length)) {
    seesAh ||= protocol === AH
    if (protocol === 44) offset = bytes.readUInt16BE(at + 2) >> 3
    const length = bytes[at + 1] ?? 0
    const size = protocol === 44 ? 8 : protocol === AH ? (length + 2) * 4 : (length + 1) * 8
    protocol = bytes[at] ?? 0
    at += size
    if (offset !== 0) break
  }
  return { protocol, at, offset, left: end - at, seesAh }
}
