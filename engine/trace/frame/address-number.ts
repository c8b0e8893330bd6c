import { parseIpv4, parseIpv6 } from '../../protocols/ip-address.ts'

/** An address of either IP version as a number, a bigint for IPv6; undefined where the text is none. */
export function addressNumber(text: string): number | bigint | undefined {
  if (!text.includes(':')) return parseIpv4(text)?.reduce((sum, byte) => sum * 256 + byte, 0)
  return parseIpv6(text)?.reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n)
}

/** A MAC address of six groups as a number; undefined where the text is none. */
export function macNumber(text: string): number | undefined {
  if (!/^(?:[0-9a-f]{1,2}:){5}[0-9a-f]{1,2}$/i.test(text)) return undefined
  return text.split(':').reduce((sum, group) => sum * 256 + Number.parseInt(group, 16), 0)
}
