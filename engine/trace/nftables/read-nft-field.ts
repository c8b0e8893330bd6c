import { fieldInfo, type NftField } from '../../backends/nftables/nft-field.ts'
import { byteIn } from '../frame/bytes.ts'
import type { Frame } from '../frame/frame.ts'
import type { NftFieldValue, NftPacket } from './nft-packet.ts'

/** Reads a field as nf_tables loads it; undefined where it ends the rule. */
export type NftReader = (packet: NftPacket) => NftFieldValue | undefined

/** Numbers of up to so many bits are numbers, longer ones bigints. */
export const MOST_NUMBER_BITS = 48

/** A field of the frame, by its place in bits, or of what the kernel keeps beside it. */
export function readNftField(field: NftField): NftReader {
  const info = fieldInfo(field)
  if (info.base === 'meta') return readMeta(field)
  const first = Math.floor(info.offset / 8)
  const end = Math.ceil((info.offset + info.bits) / 8)
  const length = end - first
  const below = end * 8 - info.offset - info.bits
  const number = info.bits > MOST_NUMBER_BITS ? bigNumber(info.bits, below) : smallNumber(info.bits, below)
  const place = placeOf(info.base, first, length)
  return ({ frame }) => {
    const at = place(frame)
    return at === undefined || at + length > frame.bytes.length ? undefined : number(frame.bytes, at, length)
  }
}

function readMeta(field: NftField): NftReader {
  switch (field) {
    case 'iifname':
      return ({ iifname }) => iifname
    case 'oifname':
      return ({ oifname }) => oifname
    case 'meta l4proto':
      return ({ frame }) => frame.ip?.protocol
    case 'meta mark':
      return ({ mark }) => mark
    default:
      return () => undefined
  }
}

/**
 * Where the bytes of a load begin. One of 1, 2 or 4 bytes at a multiple of its length is read from whatever stands behind the IP
 * header, also of a later fragment, in IPv6 from the beginning of that packet (nft_payload_fast_eval); any other asks first.
 */
function placeOf(base: 'll' | 'nh' | 'th', first: number, length: number): (frame: Frame) => number | undefined {
  if (base === 'll') return () => first
  if (base === 'nh') return ({ network }) => network + first
  const isFast = (length === 1 || length === 2 || length === 4) && first % length === 0
  return ({ ip, network }) => {
    if (ip === undefined) return undefined
    if (ip.fragmentOffset === 0) return ip.transport + first
    if (!isFast) return undefined
    return (ip.version === 6 ? network : ip.transport) + first
  }
}

type ReadNumber = (bytes: Uint8Array, at: number, length: number) => number | bigint

function smallNumber(bits: number, below: number): ReadNumber {
  const [size, most] = [2 ** below, 2 ** bits]
  return (bytes, at, length) => {
    let value = 0
    for (let next = at; next < at + length; next += 1) value = value * 256 + byteIn(bytes, next)
    return Math.floor(value / size) % most
  }
}

function bigNumber(bits: number, below: number): ReadNumber {
  const mask = (1n << BigInt(bits)) - 1n
  return (bytes, at, length) => {
    let value = 0n
    for (let next = at; next < at + length; next += 1) value = (value << 8n) | BigInt(byteIn(bytes, next))
    return (value >> BigInt(below)) & mask
  }
}
