import { isIP, SocketAddress } from 'node:net'

/** Addresses in frames as text. The caller has made sure that the bytes are there. */
export const addressText = {
  /** Six groups of two digits, as libvirt prints them. */
  mac: (frame: Uint8Array, at: number): string => {
    const digits = hexOf(frame, at, 6)
    return digits.replace(/(..)(?!$)/g, '$1:')
  },
  ipv4: (frame: Uint8Array, at: number): string => frame.subarray(at, at + 4).join('.'),
  /** As inet_ntop writes it: one text for one address. */
  ipv6: (frame: Uint8Array, at: number): string => {
    const address = hexOf(frame, at, 16).replace(/(....)(?!$)/g, '$1:')
    return new SocketAddress({ family: 'ipv6', address }).address
  },
  hex: hexOf,
  /** The one text of an address that somebody wrote; undefined where it is none. */
  canonical: (text: string): string | undefined => {
    const version = isIP(text)
    if (version === 0 || text.includes('%')) return undefined
    return new SocketAddress({ family: version === 4 ? 'ipv4' : 'ipv6', address: text }).address
  },
}

function hexOf(frame: Uint8Array, at: number, count: number): string {
  return Buffer.from(frame.buffer, frame.byteOffset + at, count).toString('hex')
}
