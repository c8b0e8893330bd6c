/**
 * Where a packet meets another verdict under our nftables ruleset than under libvirt's own chains, on purpose, and why. Everything
 * else is equal, frame by frame, which the tests show with the kernel.
 */
export const backendNotes = {
  'ah-in-ipv6':
    'An IPv6 packet with an authentication header (AH), at a rule of `ipv6` that names a protocol, a port or an ICMPv6 type, or at an ipset with ports: ebtables and xt_set look behind the header, nftables takes AH for the protocol. Such a packet does not match the protocol behind it.',
  'short-transport-header':
    'A packet that is too short for its TCP, SCTP or ICMP header, or a TCP fragment that begins inside of it, at a rule with a TCP option, an SCTP port or an ICMP type: iptables drops it outright, whatever the rule does (`hotdrop`); nftables does not match it and goes on to the next rule. Of a fragment so short that a port or the TCP flags would stand behind its end, nftables may read the padding of the frame, which br_netfilter cuts off before iptables looks.',
  'iptables-1.8.9':
    'What iptables 1.8.9 loses on the way to the kernel: of two negated ports of TCP or UDP it makes one comparison, so that a packet that has one of them still matches; TCP flags under no mask (`NONE/SYN`, or `NONE/NONE` with `match="no"`) it does not ask for, so that the rule matches every packet. Our rules ask for each port by itself, and flags that no packet can have match nothing.',
  'group-mac-connection':
    'A packet to a group MAC address (broadcast or multicast) that rules with states drop: the bridge remembers its connection as soon as a copy goes to the host, so that under iptables what follows counts as established. Our rules drop it before that, and nothing is remembered.',
  'closed-connection':
    'A packet of a TCP connection that is closed already, from an address with no other that is open, at a rule with `connlimit-above`: xt_connlimit of Linux 6.18 takes the count of none for a failure and drops the packet, whatever the rule does. nftables counts none, and goes by the limit.',
  'limits-before-receiver':
    'A packet from a NIC whose filter limits connections to another NIC of the same bridge whose filter rejects it: it is dropped without an answer. The limits are counted where packets pass the hooks of IP, and the rules of the receiver judge behind them, as under libvirt, but the bridge cannot answer there.',
  'stp-fields':
    "The fields of `stp` in the dialect strict: the kernel's ebtables match takes the protocol number of a message for one byte and reads every field behind it one byte too early (`type` is the version, `flags` the type, and so on). The dialect libvirt does the same with nftables; strict reads the fields where they are, which ebtables cannot.",
  'foreign-forward':
    "Rules of the admin in the iptables chain FORWARD: libvirt accepts a guest's bridged packets in front of them (`libvirt-in-post`), so they are never asked. Our tables decide about guests alone, and what the admin drops there is dropped.",
  'broken-headers':
    'Packets whose IP header is wrong (checksum, lengths) are thrown away by br_netfilter, which libvirt needs for every rule of the IP layer. Where no rule has a state or rejects, our ruleset leaves br_netfilter alone, and the guest gets them.',
} as const
