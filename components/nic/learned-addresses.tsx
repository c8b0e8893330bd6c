import type { NicLive } from '../../server/api/host-view.ts'
import { Badge } from '../ui/badge.tsx'
import { formatTime } from '../ui/format-time.ts'

type Learning = NonNullable<NicLive['learning']>
type Address = Learning['addresses'][number]

const SOURCES: Readonly<Record<Address['source'], string>> = {
  dhcp: 'DHCP',
  'first-packet': 'first packet',
  'neighbour-discovery': 'neighbour discovery',
  dhcpv6: 'DHCPv6',
}

/** Who said an address, and until when it holds. */
export function sourceOf({ source, server, expiresAt }: Address): string {
  const from = server === null ? '' : ` from ${server}`
  const end = expiresAt === null ? '' : `, until ${formatTime(expiresAt)}`
  return `${SOURCES[source]}${from}${end}`
}

/** Whether an address is still waited for. */
export function LearningBadge({ learning }: { learning: Learning }) {
  if (learning.status === 'waiting')
    return (
      <Badge tone="accent" sign="…" title="It is learned as soon as it is heard; temporary rules stand until then">
        Waiting for an address
      </Badge>
    )
  if (learning.status === 'late')
    return (
      <Badge tone="warn" sign="!" title={learning.note ?? undefined}>
        Address is late
      </Badge>
    )
  return null
}
