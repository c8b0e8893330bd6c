/** An address of one host: not of this network (0/8), not of the host itself (127/8), no group and nothing above. RFC 6890. */
export function isUsableIpv4(address: string): boolean {
  const first = Number(address.split('.')[0])
  return first !== 0 && first !== 127 && first < 224
}
