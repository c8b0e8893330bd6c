'use client'

import type { HostDetail } from '../../server/api/host-detail.ts'
import { NicLinks } from '../nic/nic-links.tsx'
import { useCanAsk, useHost } from '../shell/host-context.tsx'
import { Ago } from '../ui/ago.tsx'
import { formatTime } from '../ui/format-time.ts'
import { DriftDifferences } from './drift-differences.tsx'
import { isPausedAt } from './is-paused-at.ts'
import { PauseButton } from './pause-button.tsx'

type Healing = HostDetail['healing']

/** What is healed at once is gone before anybody could read it. */
const SHOWN_AFTER_MS = 1500

/** What the kernel holds beside what was applied, who made it so, and what becomes of it. */
export function DriftCard({
  healing,
  isHealing,
  onHeal,
}: {
  healing: Healing
  isHealing: boolean
  onHeal: () => void
}) {
  const canAsk = useCanAsk()
  const { now } = useHost()
  const { drift, stoppedAt, policy } = healing
  if (drift === null) return null
  const isPaused = isPausedAt(healing, now)
  const isWaiting = stoppedAt !== null || isPaused || policy.kind !== 'now'
  if (!isWaiting && now - Date.parse(drift.since) < SHOWN_AFTER_MS) return null
  return (
    <section className="card drift-card" aria-label="Drift">
      <header>
        <h2>Drift</h2>
        <span className="muted small">
          began <Ago at={drift.since} now={now} />
        </span>
      </header>
      <div className="body stack">
        {stoppedAt !== null && (
          <div className="notice" data-tone="bad" role="alert">
            <span>
              <b>! Healing stopped {formatTime(stoppedAt)}.</b> Our rules were healed three times within five minutes
              and changed again each time: something fights with us. Nothing is healed any more, and guests may be
              without rules. Stop what changes them, then heal: that also lets healing go on.
            </span>
          </div>
        )}
        <p>{drift.cause}</p>
        <p className="muted">{sayNext(healing, isPaused, now)}</p>
        <DriftDifferences differences={drift.differences} />
        <p>
          <span className="muted">NICs concerned:</span> <NicLinks names={drift.portDevices} />
        </p>
        <div className="toolbar">
          <button
            type="button"
            className="button"
            data-kind="primary"
            disabled={!canAsk}
            aria-disabled={isHealing}
            onClick={onHeal}
          >
            {isHealing ? 'Healing …' : 'Heal now'}
          </button>
          {stoppedAt === null && <PauseButton isPaused={isPaused} />}
        </div>
      </div>
    </section>
  )
}

function sayNext({ policy, drift, stoppedAt, pausedUntil, pauseReason }: Healing, isPaused: boolean, now: number) {
  if (stoppedAt !== null) return 'It stays until somebody heals it.'
  if (isPaused && pausedUntil !== null)
    return `Healing is paused until ${formatTime(pausedUntil)}: ${pauseReason ?? 'no reason was given'}`
  if (policy.kind === 'ask') return 'It stays until somebody heals it: that is the policy.'
  if (policy.kind === 'now') return 'It is being healed; the timeline says what is in the way.'
  const left = Math.ceil((Date.parse(drift?.since ?? '') + policy.seconds * 1000 - now) / 1000)
  return left > 0 ? `It is healed in ${left} s.` : 'It is being healed.'
}
