import type { Binding } from '#engine'

/** Addresses that were heard of a guest. */
export type LearnedValues = { readonly ipv4: readonly string[]; readonly ipv6: readonly string[] }
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

/** The binding with what was learned in the place of parameters that it does not have. */
export function withLearned(binding: Binding, { ipv4, ipv6 }: LearnedValues): Binding {
  const parameters = new Map(binding.parameters)
  if (ipv4.length > 0 && !parameters.has('IP')) parameters.set('IP', ipv4)
  if (ipv6Learning(binding) !== 'none') parameters.set('IPV6', ipv6.length > 0 ? ipv6 : [NO_ADDRESS])
  return { ...binding, parameters }
}
