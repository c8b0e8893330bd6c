'use client'

import type { HostDetail } from '../../server/api/host-detail.ts'
import { NicLinks } from '../nic/nic-links.tsx'
import { useHost } from '../shell/host-context.tsx'
import { formatTime } from '../ui/format-time.ts'

/** Changes that go back by themselves. Whoever asked for one has the key, and no page has it. */
export function WindowsCard({ windows }: { windows: HostDetail['windows'] }) {
  const { now } = useHost()
  return (
    <section className="card" aria-label="Waiting for confirmation">
      <header>
        <h2>Waiting for confirmation</h2>
      </header>
      {windows.length === 0 ? (
        <p className="body muted">No change waits for its confirmation.</p>
      ) : (
        <div className="body stack">
          <ul className="windows">
            {windows.map(({ id, by, openedAt, until, portDevices }) => (
              <li key={id}>
                <span className="window-left" title={formatTime(until)}>
                  {sayLeft(until, now)}
                </span>
                <span>
                  <NicLinks names={portDevices} />{' '}
                  <span className="muted">
                    by {by ?? 'somebody'}, {formatTime(openedAt)}
                  </span>
                </span>
              </li>
            ))}
          </ul>
          <p className="muted small">
            Who asked for a change confirms it, and has the only key for that. Without a confirmation the NICs go back
            to what they had.
          </p>
        </div>
      )}
    </section>
  )
}

function sayLeft(until: string, now: number): string {
  const left = Math.ceil((Date.parse(until) - now) / 1000)
  return left > 0 ? `ends in ${left} s` : 'goes back now'
}
