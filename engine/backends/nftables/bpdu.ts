import type { Dialect } from '../../dialects/dialect.ts'
import type { PacketField, StpField } from '../../protocols/packet-field.ts'
import type { NftField } from './nft-field.ts'
import { compare } from './pieces.ts'
import type { NftMatch } from './ruleset.ts'

/** The fields of a message with their bits behind LLC and protocol number (IEEE 802.1D, 9.3.1). */
const FIELDS: Readonly<Record<StpField, readonly [at: number, bits: number]>> = {
  type: [8, 8],
  flags: [16, 8],
  'root-priority': [24, 16],
  'root-address': [40, 48],
  'root-cost': [88, 32],
  'sender-priority': [120, 16],
  'sender-address': [136, 48],
  port: [184, 16],
  age: [200, 16],
  'max-age': [216, 16],
  'hello-time': [232, 16],
  'forward-delay': [248, 16],
}
/** LLC and the protocol number, in bits. */
const HEADER = 40
/** The protocol number has two bytes. The kernel's stp match takes it for one, and reads everything behind it a byte too early. */
const KERNEL_IS_EARLY = 8

/**
 * Where a field of a message is read. The dialect libvirt reads it where ebtables does (ebt_stp), which is the field before it;
 * strict where it is.
 */
export function stpField(field: PacketField, dialect: Dialect): NftField {
  const [at, bits] = FIELDS[field.slice('stp '.length) as StpField]
  return `@nh,${HEADER + at - (dialect === 'libvirt' ? KERNEL_IS_EARLY : 0)},${bits}`
}

/** The beginning of a message: LLC, protocol 0, and for the kernel version 0, which it takes for a configuration message. */
export function bpduMatch(dialect: Dialect): NftMatch {
  return dialect === 'libvirt' ? compare('@nh,0,48', '0x424203000000') : compare('@nh,0,40', '0x4242030000')
}
