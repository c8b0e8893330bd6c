/** What iptables and nftables know of an IP packet before they read its transport header. */
export type IpInfo = {
  readonly version: 4 | 6
  /** The protocol; of IPv6 that behind all extension headers but AH, which counts as one. */
  readonly protocol: number
  /** Where the transport header begins, from the start of the frame. */
  readonly transport: number
  /** In units of 8 bytes for IPv4, in bytes for IPv6, as the kernel has it; 0 where the transport header is in this packet. */
  readonly fragmentOffset: number
}

/** The protocol behind the headers of an IPv6 packet that ebtables and conntrack skip, and where it begins. */
export type SkippedHeaders = {
  /** 44 in a fragment that is not the first: nothing behind it is known. */
  readonly protocol: number
  readonly at: number
  /** Offset and the bit for more, as the last fragment header has them; 0 without one. */
  readonly fragment: number
}

/** An Ethernet frame, with what is found without looking at a rule. Offsets count from its start. */
export type Frame = {
  readonly bytes: Uint8Array
  /** What stands behind the addresses: 0x8100 for a tagged frame, a length for 802.3. */
  readonly etherType: number
  /** Tag control information of the outer tag. The kernel keeps it beside the packet, so every header behind it is found. */
  readonly tag: number | undefined
  /** The EtherType behind the tag. */
  readonly protocol: number
  /** Where the network header begins. */
  readonly network: number
  /** Undefined for what is no IP packet, or one whose headers are broken. */
  readonly ip: IpInfo | undefined
  /** Undefined for what is no IPv6 packet, where a header is cut off, and behind “no next header”. */
  readonly skipped: SkippedHeaders | undefined
}

/** EtherTypes that matter here. */
export const ETHER_TYPE = {
  ipv4: 0x800,
  arp: 0x806,
  rarp: 0x8035,
  vlan: 0x8100,
  serviceVlan: 0x88a8,
  ipv6: 0x86dd,
} as const
/** Protocols that matter here. */
export const PROTOCOL = {
  icmp: 1,
  tcp: 6,
  udp: 17,
  gre: 47,
  esp: 50,
  ah: 51,
  icmpv6: 58,
  sctp: 132,
  udplite: 136,
} as const
