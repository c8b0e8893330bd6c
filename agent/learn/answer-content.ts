import type { DhcpMessage } from './parse-dhcp.ts'
import type { Dhcpv6Message } from './parse-dhcpv6.ts'

/** What an answer says, as one text: the same answer seen at two ports has the same. */
export function answerContent(said: DhcpMessage | Dhcpv6Message): string {
  if (said.kind === 'dhcp') return [said.type, said.source, said.server, said.yourAddress, said.lifetime].join(' ')
  return [said.type, said.source, ...said.addresses.map(({ address, lifetime }) => `${address}/${lifetime}`)].join(' ')
}
