/** EtherTypes by the names that libvirt and ebtables take. Spec 2.2. */
export const ethertypes: Readonly<Record<string, number>> = {
  arp: 0x806,
  rarp: 0x8035,
  ipv4: 0x800,
  ipv6: 0x86dd,
  vlan: 0x8100,
}

/** Protocols of the IP header by the names that libvirt and the tools take. Spec 2.2. */
export const ipProtocols: Readonly<Record<string, number>> = {
  tcp: 6,
  udp: 17,
  udplite: 136,
  esp: 50,
  ah: 51,
  icmp: 1,
  igmp: 2,
  sctp: 132,
  icmpv6: 58,
}
