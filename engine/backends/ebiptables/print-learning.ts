import type { Binding } from '../../nwfilter/binding.ts'
import { chainName, hookArguments } from './chain-names.ts'
import { type Command, ebtables } from './print-commands.ts'
import { printTeardown } from './print-teardown.ts'

/** The temporary rules under which libvirt learns a guest's address, behind the teardown it runs first. Spec 7.3, 7.4. */
export function printLearning(binding: Binding, mode: 'any' | 'dhcp'): readonly Command[] {
  return [
    ...printTeardown(binding.portDevice),
    ...(mode === 'any' ? printBasicRules(binding) : printDhcpOnlyRules(binding)),
  ]
}

/** The guest's own MAC with IPv4 and ARP may leave; everything may come in. */
function printBasicRules({ portDevice, mac }: Binding): readonly Command[] {
  const chain = chainName('temporary', 'from-guest', portDevice, 'root')
  return [
    ebtables('-N', chain),
    ebtables('-A', chain, '-s', '!', mac, '-j', 'DROP'),
    ebtables('-A', chain, '-p', 'IPv4', '-j', 'ACCEPT'),
    ebtables('-A', chain, '-p', 'ARP', '-j', 'ACCEPT'),
    ebtables('-A', chain, '-j', 'DROP'),
    ebtables('-A', ...hookArguments('temporary', 'from-guest', portDevice)),
    ebtables('-E', chain, chainName('final', 'from-guest', portDevice, 'root')),
  ]
}

/** Only DHCP passes: to any server, from the servers of `DHCPSERVER` where that is given. */
function printDhcpOnlyRules({ portDevice, mac, parameters }: Binding): readonly Command[] {
  const out = chainName('temporary', 'from-guest', portDevice, 'root')
  const into = chainName('temporary', 'to-guest', portDevice, 'root')
  const udp = ['-p', 'ipv4', '--ip-protocol', 'udp']
  const servers = parameters.get('DHCPSERVER')?.map((server) => ['--ip-src', server]) ?? [[]]
  return [
    ebtables('-N', out),
    ebtables('-N', into),
    ebtables('-A', out, '-s', mac, ...udp, '--ip-sport', '68', '--ip-dport', '67', '-j', 'ACCEPT'),
    ebtables('-A', out, '-j', 'DROP'),
    ...servers.flatMap((server) =>
      [mac, 'ff:ff:ff:ff:ff:ff'].map((to) =>
        ebtables('-A', into, '-d', to, ...udp, ...server, '--ip-sport', '67', '--ip-dport', '68', '-j', 'ACCEPT'),
      ),
    ),
    ebtables('-A', into, '-j', 'DROP'),
    ebtables('-A', ...hookArguments('temporary', 'from-guest', portDevice)),
    ebtables('-A', ...hookArguments('temporary', 'to-guest', portDevice)),
    ebtables('-E', out, chainName('final', 'from-guest', portDevice, 'root')),
    ebtables('-E', into, chainName('final', 'to-guest', portDevice, 'root')),
  ]
}
