'use client'

import { Badge } from '../ui/badge.tsx'
import { formatAge } from '../ui/format-time.ts'
import { useHost } from './host-context.tsx'

/** Whether the console hears the agent, in a polite live region. */
export function AgentBadge() {
  const { host, link, now } = useHost()
  return (
    <span role="status" aria-live="polite">
      {link === 'lost' ? (
        <Badge tone="bad" sign="✕">
          Console does not answer
        </Badge>
      ) : host.agent === 'connected' ? (
        <Badge tone="good" sign="✓">
          {host.mode === 'lab' ? 'Agent connected (lab)' : 'Agent connected'}
        </Badge>
      ) : host.agent === 'silent' ? (
        <Badge tone="bad" sign="!">
          Agent silent since <span aria-live="off">{formatAge(host.receivedAt ?? '', now)}</span>
        </Badge>
      ) : (
        <Badge tone="warn" sign="!">
          No agent
        </Badge>
      )}
    </span>
  )
}
