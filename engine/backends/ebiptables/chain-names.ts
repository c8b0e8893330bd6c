import type { Side } from './ruleset.ts'

/** libvirt formats names into 32 bytes. Spec 5.2. */
const LONGEST = 31
const LETTERS = {
  final: { 'from-guest': 'I', 'to-guest': 'O' },
  temporary: { 'from-guest': 'J', 'to-guest': 'P' },
} as const

export type Generation = keyof typeof LETTERS

/** The kernel's name of a chain; suffix `root` is the device's root chain. Spec 5.2. */
export function chainName(generation: Generation, side: Side, portDevice: string, suffix: string): string {
  const letter = LETTERS[generation][side]
  const name = suffix === 'root' ? `libvirt-${letter}-${portDevice}` : `${letter}-${portDevice}-${suffix}`
  return name.slice(0, LONGEST)
}

/** The arguments of the rule that leads frames of a device into its root chain, behind `-A` or `-D`. */
export function hookArguments(generation: Generation, side: Side, portDevice: string): readonly string[] {
  const [hook, option] = side === 'from-guest' ? ['PREROUTING', '-i'] : ['POSTROUTING', '-o']
  return [hook, option, portDevice, '-j', chainName(generation, side, portDevice, 'root')]
}
