/** What both dialects do as libvirt does, and what surprises all the same: no code tells of it, because no one rule is its cause. */
export const dialectNotes: readonly string[] = [
  'A drop, reject or return rule of the IP layer is installed for the other direction too, with source and destination exchanged, unless it names a state, an ICMP type or a limit on connections: a drop of what comes to port 22 also drops what leaves from port 22.',
  'A sub-chain of ebtables ends in ACCEPT. A frame that no rule of the chain `ipv4` decides is accepted there for good, and rules behind that chain never see it. End a sub-chain with a rule that decides about the rest.',
  'A frame with a VLAN tag is matched by rules of vlan and mac alone, whatever it carries: for arp, rarp, ip and ipv6 it is no frame of theirs.',
  'Sub-chains of equal priority stand in the order of their names. libvirt takes the order of a hash table, which is another one each time it starts. Give chains whose order matters different priorities.',
]
