'use client'

import Link from 'next/link'
import { useHost } from '../shell/host-context.tsx'
import { Ago } from '../ui/ago.tsx'
import { countNics, HostState } from './host-state.tsx'

/** The hosts, a line each: where they stand, and how old that is. There is one by now. */
export function HostStrip() {
  const { host, link, now } = useHost()
  return (
    <ul className="host-strip" aria-label="Hosts">
      <li className="card host-line">
        <b className="mono">{host.host ?? 'this host'}</b>
        <span className="host-badges">
          <HostState host={host} link={link} />
        </span>
        <Link href="/nics">{countNics(host)}</Link>
        <span className="grow" />
        <span className="muted small">
          {host.receivedAt === null ? (
            'No report yet'
          ) : (
            <>
              Last report <Ago at={host.receivedAt} now={now} />
            </>
          )}
        </span>
      </li>
    </ul>
  )
}
