'use client'

import { useEffect, useRef, useState } from 'react'
import type { HostDetail } from '../../server/api/host-detail.ts'
import { type Entry, TIMELINE_KINDS } from './timeline-kinds.ts'

const POLITE: readonly Entry['kind'][] = ['drift', 'healed', 'gone', 'foreign']
const ASSERTIVE: readonly Entry['kind'][] = ['rolled-back', 'alarm']
/** Drift and its healing come in one breath: neither may take the other's place before it was read. */
const KEPT = 5
const MOST = 50

/** Reads out what happens while the page is open: drift when there is time for it, roll-backs and alarms at once. */
export function TimelineAnnouncer({ timeline, healing }: Pick<HostDetail, 'timeline' | 'healing'>) {
  const newest = timeline.at(-1)?.number ?? 0
  const heard = useRef(newest)
  const [said, setSaid] = useState<readonly Entry[]>([])
  useEffect(() => {
    const before = heard.current
    heard.current = newest
    // A stop of healing has an alert of its own.
    const come = timeline.filter(({ number, at }) => number > before && at !== healing.stoppedAt)
    if (come.length > 0) setSaid((all) => [...all, ...come].slice(-MOST))
  }, [timeline, newest, healing.stoppedAt])
  return (
    <div className="visually-hidden">
      <div role="log">
        <Lines entries={said.filter(({ kind }) => POLITE.includes(kind))} />
      </div>
      <div role="alert" aria-atomic="false">
        <Lines entries={said.filter(({ kind }) => ASSERTIVE.includes(kind))} />
      </div>
    </div>
  )
}

function Lines({ entries }: { entries: readonly Entry[] }) {
  return entries
    .slice(-KEPT)
    .map(({ number, kind, text }) => <p key={number}>{`${TIMELINE_KINDS[kind].word}: ${text}`}</p>)
}
