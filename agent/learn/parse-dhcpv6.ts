import { addressText } from './address-text.ts'
import { bytes } from './bytes.ts'

/** An address that a DHCPv6 message leases. `lifetime` is its valid lifetime in seconds. RFC 8415 21.6. */
type Dhcpv6Address = { readonly address: string; readonly lifetime: number }

/** A DHCPv6 message between client and server. RFC 8415 8. */
export type Dhcpv6Message = {
  readonly kind: 'dhcpv6'
  readonly side: 'client' | 'server'
  readonly source: string
  readonly type: number
  /** Transaction id and the identifier of the client, hexadecimal. */
  readonly id: string
  /** The addresses of all IA_NA that carry no error. */
  readonly addresses: readonly Dhcpv6Address[]
}

/** The message types that are looked at. RFC 8415 7.3. */
export const DHCPV6 = {
  solicit: 1,
  request: 3,
  renew: 5,
  rebind: 6,
  reply: 7,
  release: 8,
  decline: 9,
} as const

const OPTION = { client: 1, identityAssociation: 3, address: 5, status: 13 } as const
/** An identifier has at most so many bytes. RFC 8415 11.1. */
const LONGEST_IDENTIFIER = 130
const MOST_OPTIONS = 64

type Part = { readonly from: number; readonly to: number }
type Option = Part & { readonly code: number }

/** The DHCPv6 message in a part of a frame; undefined where it is malformed, relayed, or names no client. */
export function parseDhcpv6(
  frame: Uint8Array,
  { from, to, source, side }: Part & Pick<Dhcpv6Message, 'source' | 'side'>,
): Dhcpv6Message | undefined {
  if (to > frame.length || to < from + 4) return undefined
  const type = bytes.byte(frame, from)
  const options = readOptions(frame, { from: from + 4, to })
  const clients = options?.filter(({ code }) => code === OPTION.client) ?? []
  const [client] = clients
  if (options === undefined || client === undefined || clients.length > 1) return undefined
  const length = client.to - client.from
  if (type > 11 || length < 3 || length > LONGEST_IDENTIFIER) return undefined
  const addresses = readAssociations(frame, options)
  if (addresses === undefined) return undefined
  const id = addressText.hex(frame, from + 1, 3) + addressText.hex(frame, client.from, length)
  return { kind: 'dhcpv6', side, source, type, id, addresses }
}

function readAssociations(frame: Uint8Array, options: readonly Option[]): readonly Dhcpv6Address[] | undefined {
  const found: Dhcpv6Address[] = []
  for (const { code, from, to } of options) {
    if (code !== OPTION.identityAssociation) continue
    const inner = to < from + 12 ? undefined : readOptions(frame, { from: from + 12, to })
    if (inner === undefined) return undefined
    if (!isFine(frame, inner)) continue
    for (const option of inner) {
      if (option.code !== OPTION.address) continue
      const own =
        option.to < option.from + 24 ? undefined : readOptions(frame, { from: option.from + 24, to: option.to })
      if (own === undefined) return undefined
      if (isFine(frame, own))
        found.push({ address: addressText.ipv6(frame, option.from), lifetime: bytes.long(frame, option.from + 20) })
    }
  }
  return found
}

/** No status is success. RFC 8415 21.13. */
function isFine(frame: Uint8Array, options: readonly Option[]): boolean {
  return options.every(
    ({ code, from, to }) => code !== OPTION.status || (to >= from + 2 && bytes.word(frame, from) === 0),
  )
}

function readOptions(frame: Uint8Array, { from, to }: Part): readonly Option[] | undefined {
  const found: Option[] = []
  for (let at = from; at < to; ) {
    if (at + 4 > to || found.length === MOST_OPTIONS) return undefined
    const end = at + 4 + bytes.word(frame, at + 2)
    if (end > to) return undefined
    found.push({ code: bytes.word(frame, at), from: at + 4, to: end })
    at = end
  }
  return found
}
