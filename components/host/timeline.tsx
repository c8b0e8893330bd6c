'use client'

import { useSearchParams } from 'next/navigation'
import { memo } from 'react'
import { NicLinks } from '../nic/nic-links.tsx'
import { Badge } from '../ui/badge.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { formatTime } from '../ui/format-time.ts'
import { type Entry, TIMELINE_KINDS } from './timeline-kinds.ts'

const MOST_NICS = 4

/** What happened on the host, newest first. `kind` in the address shows one kind alone. */
export function Timeline({ entries }: { entries: readonly Entry[] }) {
  // Back and forward come with the address: it is the only place that knows the choice.
  const chosen = useSearchParams().get('kind') ?? ''
  const kinds = [...new Set(entries.map(({ kind }) => kind))].sort()
  const isKnown = chosen in TIMELINE_KINDS
  const shown = isKnown ? entries.filter(({ kind }) => kind === chosen) : entries
  const choose = (kind: string) => window.history.pushState(null, '', kind === '' ? '/hosts' : `/hosts?kind=${kind}`)
  return (
    <section className="timeline" aria-labelledby="timeline-title">
      <div className="toolbar">
        <h2 id="timeline-title">Timeline</h2>
        <span className="grow" />
        <label htmlFor="timeline-kind" className="small">
          Show
        </label>
        <select
          id="timeline-kind"
          className="input"
          value={isKnown ? chosen : ''}
          onChange={(event) => choose(event.target.value)}
        >
          <option value="">Everything</option>
          {[...new Set([...(isKnown ? [chosen as Entry['kind']] : []), ...kinds])].map((kind) => (
            <option key={kind} value={kind}>
              {TIMELINE_KINDS[kind].word}
            </option>
          ))}
        </select>
        <span className="muted small">
          {shown.length === entries.length ? `${shown.length}` : `${shown.length} of ${entries.length}`}{' '}
          {entries.length === 1 ? 'entry' : 'entries'}
        </span>
      </div>
      {shown.length === 0 ? (
        <div className="card">
          <EmptyState
            title={entries.length === 0 ? 'Nothing has happened yet' : 'Nothing of this kind has happened'}
            action={
              entries.length === 0 ? undefined : (
                <button type="button" className="button" onClick={() => choose('')}>
                  Show everything
                </button>
              )
            }
          >
            What is applied, drifts, is healed, confirmed or rolled back stands here.
          </EmptyState>
        </div>
      ) : (
        <ol className="card timeline-list" aria-label="What happened, newest first">
          {shown.toReversed().map((entry) => (
            <TimelineItem key={entry.number} entry={entry} />
          ))}
        </ol>
      )}
    </section>
  )
}

/** An entry never changes: it is drawn once, however often the page is. */
const TimelineItem = memo(
  function TimelineItem({ entry: { at, kind, text, portDevices } }: { entry: Entry }) {
    const { word, tone, sign } = TIMELINE_KINDS[kind]
    return (
      <li>
        <time dateTime={at}>{formatTime(at)}</time>
        <span>
          <Badge tone={tone} sign={sign}>
            {word}
          </Badge>
        </span>
        <span className="what">
          {text} {portDevices.length > 0 && <NicLinks names={portDevices} most={MOST_NICS} />}
        </span>
      </li>
    )
  },
  (before, after) => before.entry.number === after.entry.number && before.entry.at === after.entry.at,
)
