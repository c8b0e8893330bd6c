'use client'

import { useEffect, useRef, useState } from 'react'
import type { HostDetail } from '../../server/api/host-detail.ts'
import { type Entry, TIMELINE_KINDS } from './timeline-kinds.ts'

const POLITE: readonly Entry['kind'][] = ['drift', 'healed', 'gone', 'foreign']
const ASSERTIVE: readonly Entry['kind'][] = ['rolled-back', 'alarm']

/** Reads out what happens while the page is open: drift when there is time for it, roll-backs and alarms at once. */
export function TimelineAnnouncer({ timeline, healing }: Pick<HostDetail, 'timeline' | 'healing'>) {
  const newest = timeline.at(-1)?.number ?? 0
  const heard = useRef(newest)
  const [polite, setPolite] = useState('')
  const [assertive, setAssertive] = useState('')
  useEffect(() => {
    const come = timeline.filter(({ number }) => number > heard.current)
    heard.current = newest
    // A stop of healing has an alert of its own.
    const said = come.filter(({ at }) => at !== healing.stoppedAt)
    const wordsOf = (kinds: readonly Entry['kind'][]) =>
      said
        .filter(({ kind }) => kinds.includes(kind))
        .map(({ kind, text }) => `${TIMELINE_KINDS[kind].word}: ${text}`)
        .join(' ')
    const [calm, loud] = [wordsOf(POLITE), wordsOf(ASSERTIVE)]
    if (calm !== '') setPolite(calm)
    if (loud !== '') setAssertive(loud)
  }, [timeline, newest, healing.stoppedAt])
  return (
    <div className="visually-hidden">
      <div role="status">{polite}</div>
      <div role="alert">{assertive}</div>
    </div>
  )
}
