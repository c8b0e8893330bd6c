import { byteIn, wordAt, wordIn } from './bytes.ts'
import { ETHER_TYPE, type Frame, type IpInfo } from './frame.ts'
import { findLastHeader, skipHeaders } from './ipv6-headers.ts'

const ETHERNET_HEADER = 14
const TAG = 4
const OFFSET = 0x1fff

/** What a frame holds, as far as the kernel looks before it asks a rule. */
export function readFrame(bytes: Uint8Array): Frame {
  const etherType = wordIn(bytes, 12)
  const isTagged = etherType === ETHER_TYPE.vlan || etherType === ETHER_TYPE.serviceVlan
  const tag = isTagged ? wordAt(bytes, ETHERNET_HEADER) : undefined
  const network = tag === undefined ? ETHERNET_HEADER : ETHERNET_HEADER + TAG
  const protocol = tag === undefined ? etherType : wordIn(bytes, network - 2)
  const isIpv6 = protocol === ETHER_TYPE.ipv6
  return {
    bytes,
    etherType,
    tag,
    protocol,
    network,
    ip: isIpv6 ? readIpv6(bytes, network) : protocol === ETHER_TYPE.ipv4 ? readIpv4(bytes, network) : undefined,
    skipped: isIpv6 && bytes.length >= network + 40 ? skipHeaders(bytes, network) : undefined,
  }
}

/** The checks are those of nftables for bridges (nft_set_pktinfo_ipv4_validate). */
function readIpv4(bytes: Uint8Array, network: number): IpInfo | undefined {
  if (bytes.length < network + 20) return undefined
  const first = byteIn(bytes, network)
  const header = (first & 15) * 4
  const length = wordIn(bytes, network + 2)
  if (first >> 4 !== 4 || header < 20 || length < header || bytes.length - network < length) return undefined
  return {
    version: 4,
    protocol: byteIn(bytes, network + 9),
    transport: network + header,
    fragmentOffset: wordIn(bytes, network + 6) & OFFSET,
  }
}

function readIpv6(bytes: Uint8Array, network: number): IpInfo | undefined {
  if (bytes.length < network + 40 || byteIn(bytes, network) >> 4 !== 6) return undefined
  if (wordIn(bytes, network + 4) + 40 > bytes.length - network) return undefined
  const last = findLastHeader(bytes, network)
  return last && { version: 6, protocol: last.protocol, transport: last.at, fragmentOffset: last.fragmentOffset }
}
