import type { LearnedAddress } from '../learn/learn-state.ts'

const SOURCES: Readonly<Record<LearnedAddress['source'], string>> = {
  dhcp: 'by DHCP',
  'first-packet': 'by its first packet',
  'neighbour-discovery': 'by neighbour discovery',
  dhcpv6: 'by DHCPv6',
}

/** What is known of a guest's addresses now, in a sentence. */
export function sayLearned(portDevice: string, addresses: readonly LearnedAddress[]): string {
  if (addresses.length === 0) return `${portDevice} has no address any more, and its temporary rules again.`
  const each = addresses.map(({ address, source, server, expiresAt }) => {
    const from = server === null ? '' : ` from ${server}`
    const end = expiresAt === null ? '' : `, until ${expiresAt}`
    return `${address} (${SOURCES[source]}${from}${end})`
  })
  return `${portDevice} has ${each.join(', ')}.`
}
