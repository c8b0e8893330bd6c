import type { IpSide, Side } from '../../placement/placement.ts'

/** libvirt formats names into 32 bytes. Spec 5.2. */
const LONGEST = 31
const LETTERS = {
  final: { 'from-guest': 'I', 'to-guest': 'O' },
  temporary: { 'from-guest': 'J', 'to-guest': 'P' },
} as const
const IP_LETTERS = {
  final: { 'from-guest': 'FI', 'to-guest': 'FO', 'to-host': 'HI' },
  temporary: { 'from-guest': 'FJ', 'to-guest': 'FP', 'to-host': 'HJ' },
} as const

/** Names while a generation is built, and names after the switch. Spec 5.2. */
export type Generation = keyof typeof LETTERS
/** What stands in front of and behind a device's name in the name of a chain. */
export type NameParts = { readonly before: string; readonly after: string }

/** The parts of an ebtables chain's name; suffix `root` is the device's root chain. Spec 5.2. */
export function chainParts(generation: Generation, side: Side, suffix: string): NameParts {
  const letter = LETTERS[generation][side]
  return suffix === 'root' ? { before: `libvirt-${letter}-`, after: '' } : { before: `${letter}-`, after: `-${suffix}` }
}

/** The parts of an iptables chain's name. Spec 5.2. */
export function ipChainParts(generation: Generation, side: IpSide): NameParts {
  return { before: `${IP_LETTERS[generation][side]}-`, after: '' }
}

/** The name of a chain, cut as libvirt's buffer cuts it. Spec 5.2. */
export function joinName({ before, after }: NameParts, portDevice: string): string {
  return `${before}${portDevice}${after}`.slice(0, LONGEST)
}

/** The kernel's name of an ebtables chain. */
export function chainName(generation: Generation, side: Side, portDevice: string, suffix: string): string {
  return joinName(chainParts(generation, side, suffix), portDevice)
}

/** The arguments of the rule that leads frames of a device into its root chain, behind `-A` or `-D`. */
export function hookArguments(generation: Generation, side: Side, portDevice: string): readonly string[] {
  const [hook, option] = side === 'from-guest' ? ['PREROUTING', '-i'] : ['POSTROUTING', '-o']
  return [hook, option, portDevice, '-j', chainName(generation, side, portDevice, 'root')]
}
