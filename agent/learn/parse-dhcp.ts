import { addressText } from './address-text.ts'
import { bytes } from './bytes.ts'

/** A DHCPv4 message. RFC 2131 figure 1, options of RFC 2132. Addresses of zeros are null. */
export type DhcpMessage = {
  readonly kind: 'dhcp'
  readonly side: 'client' | 'server'
  /** The source address of the packet. */
  readonly source: string
  readonly type: number
  /** Transaction id, eight hexadecimal digits. */
  readonly id: string
  readonly mac: string
  readonly clientAddress: string | null
  readonly yourAddress: string | null
  /** Option 50. */
  readonly requested: string | null
  /** Option 51 in seconds. */
  readonly lifetime: number | null
  /** Option 54. */
  readonly server: string | null
}

/** The message types that are looked at. RFC 2132 9.6. */
export const DHCP = { discover: 1, request: 3, decline: 4, ack: 5, nak: 6, release: 7, inform: 8 } as const

const COOKIE = 0x63825363
const COOKIE_AT = 236
const LENGTHS: Readonly<Record<number, number>> = { 50: 4, 51: 4, 53: 1, 54: 4 }

/**
 * The DHCP message in a part of a frame. Undefined where it is malformed, or says what counts twice: who reads it may take the
 * other one.
 */
export function parseDhcp(
  frame: Uint8Array,
  { from, to, source, side }: { readonly from: number; readonly to: number } & Pick<DhcpMessage, 'source' | 'side'>,
): DhcpMessage | undefined {
  if (to > frame.length || to < from + COOKIE_AT + 4) return undefined
  // BOOTREQUEST or BOOTREPLY, Ethernet, six bytes of address.
  if (bytes.byte(frame, from) !== (side === 'client' ? 1 : 2) || bytes.word(frame, from + 1) !== 0x0106)
    return undefined
  if (bytes.long(frame, from + COOKIE_AT) !== COOKIE) return undefined
  const options = readOptions(frame, from + COOKIE_AT + 4, to)
  const type = options?.get(53)
  if (options === undefined || type === undefined) return undefined
  const lifetime = options.get(51)
  return {
    kind: 'dhcp',
    side,
    source,
    type: bytes.byte(frame, type),
    id: addressText.hex(frame, from + 4, 4),
    mac: addressText.mac(frame, from + 28),
    clientAddress: addressAt(frame, from + 12),
    yourAddress: addressAt(frame, from + 16),
    requested: addressAt(frame, options.get(50)),
    lifetime: lifetime === undefined ? null : bytes.long(frame, lifetime),
    server: addressAt(frame, options.get(54)),
  }
}

/** Where the values of the options begin that count. */
function readOptions(frame: Uint8Array, from: number, to: number): ReadonlyMap<number, number> | undefined {
  const found = new Map<number, number>()
  for (let at = from; at < to; ) {
    const code = bytes.byte(frame, at)
    if (code === 255) return found
    at += 1
    if (code === 0) continue
    if (at >= to) return undefined
    const length = bytes.byte(frame, at)
    at += 1
    if (at + length > to) return undefined
    const expected = LENGTHS[code]
    if (expected !== undefined) {
      if (length !== expected || found.has(code)) return undefined
      found.set(code, at)
    }
    at += length
  }
  return found
}

function addressAt(frame: Uint8Array, at: number | undefined): string | null {
  return at === undefined || bytes.areZero(frame, at, 4) ? null : addressText.ipv4(frame, at)
}
