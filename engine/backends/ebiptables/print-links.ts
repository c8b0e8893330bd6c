import type { IpSide, Side } from '../../placement/placement.ts'
import { chainParts, type Generation, ipChainParts } from './chain-names.ts'

import { type CommandOf, ebtables, iptables, type Words } from './words.ts'

/** What leaves the guest, and what goes to it. */
export const SIDES: readonly Side[] = ['from-guest', 'to-guest']
/** libvirt names the chain towards the guest first. */
export const IP_SIDES: readonly IpSide[] = ['to-guest', 'from-guest', 'to-host']
/** The tools of the IP layer. */
export type IpTool = 'iptables' | 'ip6tables'

/** The rule that leads frames of a device into its root chain, behind `-A` or `-D`. Spec 5.2. */
export function hookWords<Word>(words: Words<Word>, generation: Generation, side: Side): CommandOf<Word> {
  const root = words.chain(chainParts(generation, side, 'root'))
  return side === 'from-guest'
    ? ['PREROUTING', '-i', words.device, '-j', root]
    : ['POSTROUTING', '-o', words.device, '-j', root]
}

/** The rule that leads packets of a device into its chain. The one towards the guest had no `is-bridged` in old versions. */
export function ipLinkWords<Word>(
  words: Words<Word>,
  generation: Generation,
  side: IpSide,
  old = false,
): CommandOf<Word> {
  const chain = words.chain(ipChainParts(generation, side))
  if (side === 'to-guest') {
    const bridged = old ? [] : ['--physdev-is-bridged']
    return ['libvirt-out', '-m', 'physdev', ...bridged, '--physdev-out', words.device, '-g', chain]
  }
  const shared = side === 'from-guest' ? 'libvirt-in' : 'libvirt-host-in'
  return [shared, '-m', 'physdev', '--physdev-in', words.device, '-g', chain]
}

/** The rule that lets packets of the device pass behind all others. */
export function postWords<Word>(words: Words<Word>): CommandOf<Word> {
  return ['libvirt-in-post', '-m', 'physdev', '--physdev-in', words.device, '-j', 'ACCEPT']
}

/** Takes a device's chains out of the IP layer; `withPost` its rule in libvirt-in-post too. Spec 5.4. */
export function printIpUnlink<Word>(
  words: Words<Word>,
  tool: IpTool,
  generation: Generation,
  withPost = false,
): readonly CommandOf<Word>[] {
  return [
    iptables(tool, '-D', ...ipLinkWords(words, generation, 'to-guest')),
    iptables(tool, '-D', ...ipLinkWords(words, generation, 'to-guest', true)),
    iptables(tool, '-D', ...ipLinkWords(words, generation, 'from-guest')),
    iptables(tool, '-D', ...ipLinkWords(words, generation, 'to-host')),
    ...(withPost ? [iptables(tool, '-D', ...postWords(words))] : []),
    ...IP_SIDES.flatMap((side) => {
      const chain = words.chain(ipChainParts(generation, side))
      return [iptables(tool, '-F', chain), iptables(tool, '-X', chain)]
    }),
  ]
}

/** Takes a device's chains out of the Ethernet layer. The listings tell libvirt which sub-chains there are. Spec 5.3 A. */
export function printEthernetUnlink<Word>(words: Words<Word>, generation: Generation): readonly CommandOf<Word>[] {
  const root = (side: Side) => words.chain(chainParts(generation, side, 'root'))
  return [
    ...SIDES.map((side) => ebtables('-D', ...hookWords(words, generation, side))),
    ...SIDES.map((side) => ebtables('-L', root(side))),
    ...SIDES.flatMap((side) => [ebtables('-F', root(side)), ebtables('-X', root(side))]),
  ]
}
