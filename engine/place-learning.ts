import type { NicInput } from './backends/nftables/nic-input.ts'
import type { Dialect } from './dialects/dialect.ts'
import { parametersOf } from './instantiate/environment.ts'
import { instantiate } from './instantiate/instantiate.ts'
import type { Binding } from './nwfilter/binding.ts'
import { parseFilter } from './parse-text.ts'
import { place } from './placement/place.ts'

/** Servers by an iterator of their own: there is one MAC address and any number of them. */
const SERVERS = " srcipaddr='$DHCPSERVER[@1]'"
const DHCP = "protocol='udp'"
/** What libvirt lets pass while it learns the address of a guest, as filters. Spec 7.3, 7.4. */
const TEXTS = {
  any: `<filter name='learning-any'>
  <rule action='drop' direction='out' priority='1'><mac match='no' srcmacaddr='$MAC'/></rule>
  <rule action='accept' direction='out' priority='2'><ip/></rule>
  <rule action='accept' direction='out' priority='3'><arp/></rule>
  <rule action='drop' direction='out' priority='4'/>
</filter>`,
  dhcp: dhcpOnly('learning-dhcp', ''),
  'dhcp from servers': dhcpOnly('learning-dhcp-servers', SERVERS),
} as const

function dhcpOnly(name: string, server: string): string {
  return `<filter name='${name}'>
  <rule action='accept' direction='out' priority='1'><ip srcmacaddr='$MAC' ${DHCP} srcportstart='68' dstportstart='67'/></rule>
  <rule action='accept' direction='in' priority='2'><ip dstmacaddr='$MAC'${server} ${DHCP} srcportstart='67' dstportstart='68'/></rule>
  <rule action='accept' direction='in' priority='2'><ip dstmacaddr='ff:ff:ff:ff:ff:ff'${server} ${DHCP} srcportstart='67' dstportstart='68'/></rule>
  <rule action='drop' direction='inout' priority='3'/>
</filter>`
}

/** The NIC with the temporary rules under which its address is learned. */
export function placeLearning(
  { binding, dialect }: { readonly binding: Binding; readonly dialect: Dialect },
  mode: 'any' | 'dhcp',
): NicInput {
  const servers = parametersOf(binding).get('DHCPSERVER') ?? []
  const kind = mode === 'any' ? 'any' : servers.length === 0 ? 'dhcp' : 'dhcp from servers'
  const { value: filter } = parseFilter(TEXTS[kind], 'learning', dialect)
  if (filter === undefined) throw new Error('the filter of the temporary rules cannot be read')
  const parameters = new Map([
    ['MAC', [binding.mac]],
    ['DHCPSERVER', servers],
  ])
  const learning = { ...binding, filter: filter.name, parameters }
  const { value: instantiated } = instantiate(new Map([[filter.name, filter]]), learning, dialect)
  const placement = instantiated && place(instantiated.instances).value
  if (placement === undefined) throw new Error('the temporary rules cannot be placed')
  // The line in the text above.
  const lineOf = ({ span }: { readonly span: { readonly start: number } }) =>
    TEXTS[kind].slice(0, span.start).split('\n').length
  return { binding: learning, placement, parameters, dialect, lineOf }
}
