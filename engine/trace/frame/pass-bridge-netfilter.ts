import { byteAt, byteIn, wordIn } from './bytes.ts'
import { addsUp } from './checksum.ts'
import { ETHER_TYPE, type Frame } from './frame.ts'
import { readFrame } from './read-frame.ts'

const JUMBO = 194
const PAD = 0

/** The IP version of a frame whose packet goes through iptables or ip6tables: one without a tag. */
export function ipVersion({ tag, protocol }: Frame): 4 | 6 | undefined {
  if (tag !== undefined) return undefined
  return protocol === ETHER_TYPE.ipv4 ? 4 : protocol === ETHER_TYPE.ipv6 ? 6 : undefined
}

/**
 * What br_netfilter makes of an IP packet before the IP layer sees it: padding is cut off, and a packet with a broken header is
 * dropped (br_validate_ipv4, br_validate_ipv6). Undefined for those.
 */
export function passBridgeNetfilter(frame: Frame, version: 4 | 6): Frame | undefined {
  const length = version === 4 ? length4(frame) : length6(frame)
  if (length === undefined) return undefined
  const end = frame.network + length
  return end === frame.bytes.length ? frame : readFrame(frame.bytes.subarray(0, end))
}

function length4({ bytes, network }: Frame): number | undefined {
  const first = byteIn(bytes, network)
  const header = (first & 15) * 4
  const length = wordIn(bytes, network + 2)
  if (first >> 4 !== 4 || header < 20 || bytes.length < network + header) return undefined
  if (!addsUp(bytes, network, network + header) || length < header || network + length > bytes.length) return undefined
  return length
}

function length6({ bytes, network }: Frame): number | undefined {
  if (bytes.length < network + 40 || byteIn(bytes, network) >> 4 !== 6) return undefined
  const length = 40 + wordIn(bytes, network + 4)
  const end = network + length
  if (end > bytes.length) return undefined
  // It looks a second time when the packet is forwarded, without what was cut off.
  const hasOptions = byteAt(bytes, network + 6) === 0
  return hasOptions && !hasSoundOptions(bytes.subarray(0, end), network + 40) ? undefined : length
}

/** The hop-by-hop options fill their header; a jumbo payload does not go with the length of a frame (nf_ip6_check_hbh_len). */
function hasSoundOptions(bytes: Uint8Array, start: number): boolean {
  const end = start + (byteIn(bytes, start + 1) + 1) * 8
  if (end > bytes.length) return false
  let at = start + 2
  while (at < end) {
    const kind = byteAt(bytes, at)
    if (kind === PAD) {
      at += 1
      continue
    }
    if (kind === JUMBO || at + 2 > end) return false
    at += 2 + byteIn(bytes, at + 1)
  }
  return at === end
}
