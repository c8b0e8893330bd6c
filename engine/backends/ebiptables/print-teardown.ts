import { chainName, type Generation, hookArguments } from './chain-names.ts'
import { type Command, ebtables } from './print-commands.ts'

const SIDES = ['from-guest', 'to-guest'] as const
/** Letters of the IP-layer chains: towards the guest, from it, and from it to the host. Spec 5.2. */
const IP_LETTERS = {
  temporary: { out: 'FP', in: 'FJ', host: 'HJ' },
  final: { out: 'FO', in: 'FI', host: 'HI' },
} as const

/** Every command by which libvirt removes whatever a device may have, in both generations (allTeardown). Spec 5.4. */
export function printTeardown(portDevice: string): readonly Command[] {
  return (['temporary', 'final'] as const).flatMap((generation) => [
    ...(['iptables', 'ip6tables'] as const).flatMap((tool) => tearDownIpLayer(tool, generation, portDevice)),
    ...tearDownEthernetLayer(generation, portDevice),
  ])
}

function tearDownEthernetLayer(generation: Generation, portDevice: string): readonly Command[] {
  const root = (side: (typeof SIDES)[number]) => chainName(generation, side, portDevice, 'root')
  return [
    ...SIDES.map((side) => ebtables('-D', ...hookArguments(generation, side, portDevice))),
    ...SIDES.map((side) => ebtables('-L', root(side))),
    ...SIDES.flatMap((side) => [ebtables('-F', root(side)), ebtables('-X', root(side))]),
  ]
}

function tearDownIpLayer(
  tool: 'iptables' | 'ip6tables',
  generation: Generation,
  portDevice: string,
): readonly Command[] {
  const letters = IP_LETTERS[generation]
  const name = (letter: string) => `${letter}-${portDevice}`
  const run = (...args: readonly string[]): Command => [tool, '-w', ...args]
  const from = ['-m', 'physdev', '--physdev-in', portDevice]
  return [
    run(
      '-D',
      'libvirt-out',
      '-m',
      'physdev',
      '--physdev-is-bridged',
      '--physdev-out',
      portDevice,
      '-g',
      name(letters.out),
    ),
    run('-D', 'libvirt-out', '-m', 'physdev', '--physdev-out', portDevice, '-g', name(letters.out)),
    run('-D', 'libvirt-in', ...from, '-g', name(letters.in)),
    run('-D', 'libvirt-host-in', ...from, '-g', name(letters.host)),
    ...(generation === 'final' ? [run('-D', 'libvirt-in-post', ...from, '-j', 'ACCEPT')] : []),
    ...[letters.out, letters.in, letters.host].flatMap((letter) => [run('-F', name(letter)), run('-X', name(letter))]),
  ]
}
