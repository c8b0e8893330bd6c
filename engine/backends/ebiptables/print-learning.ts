import { parametersOf } from '../../instantiate/environment.ts'
import type { Binding } from '../../nwfilter/binding.ts'
import { chainParts } from './chain-names.ts'
import { hookWords, SIDES } from './print-links.ts'
import { printTeardown, renameRoot } from './print-teardown.ts'
import { type Command, ebtables, wordsOfDevice } from './words.ts'

const BROADCAST = 'ff:ff:ff:ff:ff:ff'

/** The temporary rules under which libvirt learns a guest's address, behind the teardown it runs first. Spec 7.3, 7.4. */
export function printLearning(binding: Binding, mode: 'any' | 'dhcp'): readonly Command[] {
  if (mode === 'any') return printBasicRules(binding)
  const { portDevice, mac } = binding
  return printDhcpOnlyRules({ portDevice, mac, servers: parametersOf(binding).get('DHCPSERVER') ?? [] })
}

/** The guest's own MAC with IPv4 and ARP may leave; everything may come in (applyBasicRules). */
export function printBasicRules({ portDevice, mac }: Pick<Binding, 'portDevice' | 'mac'>): readonly Command[] {
  const words = wordsOfDevice(portDevice)
  const chain = words.chain(chainParts('temporary', 'from-guest', 'root'))
  return [
    ...printTeardown(portDevice),
    ebtables('-N', chain),
    ebtables('-A', chain, '-s', '!', mac, '-j', 'DROP'),
    ebtables('-A', chain, '-p', 'IPv4', '-j', 'ACCEPT'),
    ebtables('-A', chain, '-p', 'ARP', '-j', 'ACCEPT'),
    ebtables('-A', chain, '-j', 'DROP'),
    ebtables('-A', ...hookWords(words, 'temporary', 'from-guest')),
    renameRoot(words, 'from-guest'),
  ]
}

/** Only DHCP passes: to any server, from the given servers, or from any where none is given (applyDHCPOnlyRules). */
export function printDhcpOnlyRules({
  portDevice,
  mac,
  servers,
}: Pick<Binding, 'portDevice' | 'mac'> & { readonly servers: readonly string[] }): readonly Command[] {
  const words = wordsOfDevice(portDevice)
  const out = words.chain(chainParts('temporary', 'from-guest', 'root'))
  const into = words.chain(chainParts('temporary', 'to-guest', 'root'))
  const udp = ['-p', 'ipv4', '--ip-protocol', 'udp']
  const from = servers.length === 0 ? [[]] : servers.map((server) => ['--ip-src', server])
  return [
    ...printTeardown(portDevice),
    ebtables('-N', out),
    ebtables('-N', into),
    ebtables('-A', out, '-s', mac, ...udp, '--ip-sport', '68', '--ip-dport', '67', '-j', 'ACCEPT'),
    ebtables('-A', out, '-j', 'DROP'),
    ...from.flatMap((server) =>
      [mac, BROADCAST].map((to) =>
        ebtables('-A', into, '-d', to, ...udp, ...server, '--ip-sport', '67', '--ip-dport', '68', '-j', 'ACCEPT'),
      ),
    ),
    ebtables('-A', into, '-j', 'DROP'),
    ...SIDES.map((side) => ebtables('-A', ...hookWords(words, 'temporary', side))),
    ...SIDES.map((side) => renameRoot(words, side)),
  ]
}

/** Nothing passes (applyDropAllRules): what stands when an address could not be learned. */
export function printDropAllRules({ portDevice }: Pick<Binding, 'portDevice'>): readonly Command[] {
  const words = wordsOfDevice(portDevice)
  const roots = SIDES.map((side) => words.chain(chainParts('temporary', side, 'root')))
  return [
    ...printTeardown(portDevice),
    ...roots.map((root) => ebtables('-N', root)),
    ...roots.map((root) => ebtables('-A', root, '-j', 'DROP')),
    ...SIDES.map((side) => ebtables('-A', ...hookWords(words, 'temporary', side))),
    ...SIDES.map((side) => renameRoot(words, side)),
  ]
}
