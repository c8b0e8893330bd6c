import type { Binding } from '#engine'
import type { LearnRequest } from '../learn/learn-state.ts'

/**
 * Addresses that were heard of a guest. `request`: what they were learned for. A binding that asks for something else, or belongs to
 * another guest, has nothing of them. Who only shows what an agent told leaves it out.
 */
export type LearnedValues = {
  readonly ipv4: readonly string[]
  readonly ipv6: readonly string[]
  readonly request?: LearnRequest
}
/** What is learned of each device that waits for it, by port device. */
export type LearnedAddresses = ReadonlyMap<string, LearnedValues>

export const NO_VALUES: LearnedValues = { ipv4: [], ipv6: [] }
/** The parameter that asks for IPv6: libvirt has none like it, and takes it for a variable that no rule reads. */
const IPV6_LEARNING = 'CTRL_IPV6_LEARNING'
/** While no address is known only packets from none pass: a guest looks for duplicates of its address with them. */
const NO_ADDRESS = '::'

/** How IPv6 addresses are learned for a binding; `none` where it has some, or does not ask for it. */
export function ipv6Learning({ parameters }: Pick<Binding, 'parameters'>): 'any' | 'dhcp' | 'none' {
  const [mode] = parameters.get(IPV6_LEARNING) ?? []
  if ((mode !== 'any' && mode !== 'dhcp') || parameters.has('IPV6')) return 'none'
  return mode
}

/** The same for the same NIC of the same guest, whatever its port device is called. */
export function keyOfGuest({ mac, owner }: Pick<Binding, 'mac' | 'owner'>): string {
  return `${owner.uuid}-${mac}`
}

/** The binding with what was learned in the place of parameters that it does not have. */
export function withLearned(binding: Binding, { ipv4, ipv6, request }: LearnedValues): Binding {
  const parameters = new Map(binding.parameters)
  const servers = parameters.get('DHCPSERVER') ?? []
  const isSame =
    request === undefined || (request.key === keyOfGuest(binding) && request.servers.join() === servers.join())
  const [mode = 'any'] = parameters.get('CTRL_IP_LEARNING') ?? []
  const isIpv4 = isSame && (request === undefined || request.ipv4 === mode.toLowerCase())
  if (isIpv4 && ipv4.length > 0 && !parameters.has('IP')) parameters.set('IP', ipv4)
  const ipv6Mode = ipv6Learning(binding)
  const isIpv6 = isSame && (request === undefined || request.ipv6 === ipv6Mode)
  if (ipv6Mode !== 'none') parameters.set('IPV6', isIpv6 && ipv6.length > 0 ? ipv6 : [NO_ADDRESS])
  return { ...binding, parameters }
}
