/**
 * A field of a frame that rules compare with, in nftables' words where it has one. `ip6 protocol` is the header behind those
 * that ebtables skips, `l4 protocol` the one behind those that iptables and nftables skip. `arp` fields are those of RARP too.
 */
export type PacketField =
  | 'ether saddr'
  | 'ether daddr'
  | 'ether type'
  | 'vlan id'
  | 'vlan type'
  | `arp ${'htype' | 'ptype' | 'operation' | 'hlen' | 'plen'}`
  | `arp ${'saddr' | 'daddr'} ${'ether' | 'ip'}`
  | `${'ip' | 'ip6'} ${'saddr' | 'daddr' | 'protocol' | 'dscp'}`
  /** The whole TOS byte, which libvirt compares with a DSCP. */
  | 'ip tos'
  | 'l4 protocol'
  | 'sport'
  | 'dport'
  | `stp ${StpField}`

/** Fields of a bridge protocol data unit; those behind `flags` stand in configuration messages alone. */
export type StpField =
  | 'type'
  | 'flags'
  | 'root-priority'
  | 'root-address'
  | 'root-cost'
  | 'sender-priority'
  | 'sender-address'
  | 'port'
  | 'age'
  | 'max-age'
  | 'hello-time'
  | 'forward-delay'

/** The field that takes the place of this one when source and destination change places. */
export function reverseField(field: PacketField): PacketField {
  const swapped = field.replace(/(^| )([sd])(addr|port)/, (_, before: string, end: string, rest: string) => {
    return `${before}${end === 's' ? 'd' : 's'}${rest}`
  })
  return swapped as PacketField
}
