import type { LearnRequest } from '../learn/learn-state.ts'
import type { AgentState } from './agent-state.ts'
import { readBindingText } from './binding-texts.ts'
import { ipv6Learning, keyOfGuest } from './learned-values.ts'
import { placeWanted } from './plan-nft.ts'

/** What has to be learned for the devices that were applied: addresses that their filters ask for and their bindings do not give. */
export function learnRequests({ applied }: Pick<AgentState, 'applied'>): readonly LearnRequest[] {
  return Object.entries(applied).flatMap(([portDevice, { bindingXml, filters }]) => {
    const binding = readBindingText(portDevice, bindingXml).value
    if (binding === undefined) return []
    const ipv6 = ipv6Learning(binding)
    // A binding that has its address learns nothing, and most have it.
    const needsNoIpv4 = binding.parameters.has('IP')
    if (needsNoIpv4 && ipv6 === 'none') return []
    const placed = needsNoIpv4 ? undefined : placeWanted({ portDevice, bindingXml, filters })
    const ipv4 = placed === undefined || 'errors' in placed ? 'none' : (placed.learning ?? 'none')
    if (ipv4 === 'none' && ipv6 === 'none') return []
    const { mac, parameters } = binding
    const servers = parameters.get('DHCPSERVER') ?? []
    return [{ portDevice, key: keyOfGuest(binding), mac, ipv4, ipv6, servers }]
  })
}
