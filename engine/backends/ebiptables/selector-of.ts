/** Which command selects the frames of a sub-chain, by the beginning of its name. Spec 5.3. */
const SELECTORS: readonly (readonly [prefix: string, selector: readonly string[]])[] = [
  ['ipv4', ['-p', '0x0800']],
  ['ipv6', ['-p', '0x86dd']],
  ['arp', ['-p', '0x0806']],
  ['rarp', ['-p', '0x8035']],
  ['vlan', ['-p', '0x8100']],
  ['stp', ['-d', '01:80:c2:00:00:00']],
]

/** The arguments that lead frames into a sub-chain, none for a `mac` chain. Spec 5.3. */
export function selectorOf(suffix: string): readonly string[] {
  return SELECTORS.find(([prefix]) => suffix.startsWith(prefix))?.[1] ?? []
}
