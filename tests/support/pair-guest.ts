/** The guest in both labs of a pair, and the values of its parameters; a name that stands twice has two. */
export const PAIR_GUEST_MAC = '52:54:00:aa:bb:cc'
export const PAIR_PARAMETERS = [
  ['IP', '192.0.2.10'],
  ['IP', '192.0.2.110'],
  ['IPV6', '2001:db8::10'],
  ['GATEWAY_MAC', '52:54:00:00:00:01'],
] as const
