'use client'

import { formatAge, formatTime } from '../ui/format-time.ts'
import { useHost } from './host-context.tsx'

/** Says that nobody reports, since when, and what that means for the rules. */
export function SilenceNotice() {
  const { host, link, now } = useHost()
  if (link === 'lost') {
    return (
      <div className="notice" data-tone="bad" role="alert">
        The console does not answer. Rules on the host keep working; this page shows what was known last.
      </div>
    )
  }
  if (host.agent === 'connected') return null
  if (host.agent === 'none' || host.receivedAt === null) {
    return (
      <div className="notice" data-tone="warn" role="status">
        <span>
          No agent reports to this console, so nothing can be applied and nothing is known of the kernel.{' '}
          <code>npm start</code> says why it could not start one.
        </span>
      </div>
    )
  }
  return (
    <div className="notice" data-tone="bad" role="alert">
      <span>
        No report from the agent{host.host === null ? '' : ` on ${host.host}`} for{' '}
        {/* Said once, and not again each second. */}
        <span aria-live="off">{formatAge(host.receivedAt, now)}</span>. Rules on the host keep working; this page shows
        the state of {formatTime(host.receivedAt)}.
      </span>
    </div>
  )
}
