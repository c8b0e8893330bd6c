import { ethertypes, ipProtocols } from '../../protocols/named-numbers.ts'
import { addressNumber, macNumber } from '../frame/address-number.ts'

/** Whether a field has the value that stands behind an option. */
export type Compare = (value: number | bigint) => boolean
/** Reads the value behind an option; undefined where the tool would refuse it. */
export type ReadValue = (text: string) => Compare | undefined

const OPCODES =
  'request reply request_reverse reply_reverse drarp_request drarp_reply drarp_error inarp_request arp_nak'

/** A number; undefined for anything else. */
export function readNumber(text: string): number | undefined {
  return /^(?:\d+|0x[0-9a-f]+)$/i.test(text) ? Number(text) : undefined
}

const equals = (wanted: number | bigint | undefined): Compare | undefined =>
  wanted === undefined ? undefined : (value) => value === wanted

/** A number in decimal. */
export const plain: ReadValue = (text) => equals(readNumber(text))
/** A number that the tool takes for hexadecimal with or without 0x, or an EtherType by name. */
export const hexadecimal: ReadValue = (text) =>
  equals(/^(?:0x)?[0-9a-f]+$/i.test(text) ? Number.parseInt(text, 16) : ethertypes[text.toLowerCase()])
/** The number or the name of a protocol in an IP header. */
export const protocol: ReadValue = (text) => equals(readNumber(text) ?? ipProtocols[text.toLowerCase()])
/** What an ARP packet asks or answers. */
export const opcode: ReadValue = (text) => {
  const named = OPCODES.split(' ').indexOf(text.toLowerCase())
  return equals(readNumber(text) ?? (named === -1 ? undefined : named + 1))
}
/** `A:B`, or one number. */
export const range: ReadValue = (text) => {
  const [first, last] = text.split(':').map(readNumber)
  const end = text.includes(':') ? last : first
  return first === undefined || end === undefined ? undefined : (value) => value >= first && value <= end
}
/** `A-B`, or one address. */
export const addressRange: ReadValue = (text) => {
  const [first, last] = text.split('-').map(addressNumber)
  const end = text.includes('-') ? last : first
  return first === undefined || end === undefined ? undefined : (value) => value >= first && value <= end
}
/** A MAC address, behind `/` the bits that count. */
export const mac: ReadValue = (text) => {
  const [address = '', mask] = text.split('/')
  const [wanted, bits] = [macNumber(address), mask === undefined ? 0xffffffffffff : macNumber(mask)]
  return wanted === undefined || bits === undefined ? undefined : masked(BigInt(wanted), BigInt(bits))
}
/** An IP address, behind `/` the length of a prefix. */
export const address: ReadValue = (text) => {
  const [before = '', after] = text.split('/')
  const wanted = addressNumber(before)
  const width = typeof wanted === 'bigint' ? 128 : 32
  const length = after === undefined ? width : readLength(after, width)
  if (wanted === undefined || length === undefined) return undefined
  if (length === width) return equals(wanted)
  const ones = (1n << BigInt(length)) - 1n
  return masked(BigInt(wanted), ones << BigInt(width - length))
}

/** A mask is as good as a length. */
function readLength(text: string, width: number): number | undefined {
  const number = readNumber(text)
  if (number !== undefined) return number <= width ? number : undefined
  const mask = addressNumber(text)
  if (mask === undefined) return undefined
  const bits = mask.toString(2).padStart(width, '0')
  return /^1*0*$/.test(bits) ? bits.replaceAll('0', '').length : undefined
}

function masked(wanted: bigint, mask: bigint): Compare {
  const masked = wanted & mask
  return (value) => (BigInt(value) & mask) === masked
}
