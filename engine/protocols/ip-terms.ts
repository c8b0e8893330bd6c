/**
 * What narrows a command of the IP layer besides the MAC address, in the order of libvirt's arguments: addresses, then what belongs
 * to the protocol. A command that lost its MAC address and has none of these is not made. Spec 5.6.
 */
export const IP_TERMS: readonly string[] = [
  'srcipaddr',
  'srcipfrom',
  'dstipaddr',
  'dstipfrom',
  'dscp',
  'flags',
  'srcportstart',
  'dstportstart',
  'option',
  'type',
]
