import { addressText } from './address-text.ts'
import { bytes } from './bytes.ts'

/** Who an ARP packet says it is from. A probe has no address, an announcement asks for its own. RFC 826, RFC 5227. */
export type ArpSender = {
  readonly kind: 'arp'
  readonly mac: string
  /** Null in a probe. */
  readonly address: string | null
  readonly isAnnouncement: boolean
}

const LENGTH = 28

/** ARP for IPv4 over Ethernet, requests and replies; undefined for anything else. */
export function parseArp(frame: Uint8Array, at: number): ArpSender | undefined {
  if (frame.length < at + LENGTH) return undefined
  // Hardware type 1, protocol IPv4, addresses of 6 and 4 bytes.
  if (bytes.long(frame, at) !== 0x00010800 || bytes.word(frame, at + 4) !== 0x0604) return undefined
  const operation = bytes.word(frame, at + 6)
  if (operation !== 1 && operation !== 2) return undefined
  const address = addressText.ipv4(frame, at + 14)
  return {
    kind: 'arp',
    mac: addressText.mac(frame, at + 8),
    address: address === '0.0.0.0' ? null : address,
    isAnnouncement: address !== '0.0.0.0' && address === addressText.ipv4(frame, at + 24),
  }
}
