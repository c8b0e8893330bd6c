'use client'

import type { HostDetail } from '../../server/api/host-detail.ts'
import { useHost } from '../shell/host-context.tsx'
import { formatTime } from '../ui/format-time.ts'
import { isPausedAt } from './is-paused-at.ts'
import { PauseButton } from './pause-button.tsx'
import { PolicyForm } from './policy-form.tsx'

/** How drift is healed, and whether that is paused. */
export function HealingCard({ healing }: { healing: HostDetail['healing'] }) {
  const { now } = useHost()
  const isPaused = isPausedAt(healing, now)
  const { policy } = healing
  return (
    <section className="card" aria-label="Healing">
      <header>
        <h2>Healing</h2>
      </header>
      <div className="body stack">
        <PolicyForm policy={policy} />
        <div className="healing-pause">
          <p role="status">
            {isPaused && healing.pausedUntil !== null ? (
              <>
                <b>Paused until {formatTime(healing.pausedUntil)}.</b> {healing.pauseReason}
              </>
            ) : healing.stoppedAt !== null ? (
              <>
                <b>Stopped after a fight.</b> Heal now lets it go on.
              </>
            ) : (
              <span className="muted">
                Not paused. Three heals within five minutes stop it: then something fights with us.
              </span>
            )}
          </p>
          {(isPaused || healing.stoppedAt === null) && <PauseButton isPaused={isPaused} />}
        </div>
      </div>
    </section>
  )
}
