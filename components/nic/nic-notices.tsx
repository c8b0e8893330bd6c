import type { NicLive } from '../../server/api/host-view.ts'
import { formatTime } from '../ui/format-time.ts'

const EFFECTS = {
  kept: 'It keeps its last good rules.',
  dropped: 'Nothing passes: its guest is cut off.',
  open: 'It has no rules, so everything passes.',
} as const satisfies Record<NonNullable<NicLive['broken']>['effect'], string>

/** What was asked for cannot be compiled: why, and what the NIC has instead. */
export function BrokenNotice({ live, isInstallable }: { live: NicLive | undefined; isInstallable: boolean }) {
  const broken = live?.broken ?? null
  if (broken === null) return null
  return (
    <div className="notice" data-tone="bad" role="alert">
      <span>
        ✕ The filter {broken.filter} that was asked for cannot be compiled for this NIC since {formatTime(broken.since)}
        . {EFFECTS[broken.effect]}
        {isInstallable && ' What is desired now can be compiled: apply it.'}
      </span>
      <details open>
        <summary>Why</summary>
        <pre>{broken.errors.join('\n')}</pre>
      </details>
    </div>
  )
}

/** An address that does not come, or an answer that was refused. */
export function LearningNotice({ live }: { live: NicLive | undefined }) {
  const { note = null, ignored = 0, status = 'off' } = live?.learning ?? {}
  if (note === null && ignored === 0) return null
  return (
    <div className="notice" data-tone={status === 'learned' ? undefined : 'warn'} role="status">
      {note !== null && <span>{note}</span>}
      {ignored > 0 && (
        <span>
          {ignored === 1 ? 'A frame' : `${ignored} frames`} beyond the limit of 10 a second{' '}
          {ignored === 1 ? 'was' : 'were'} not learned from.
        </span>
      )}
    </div>
  )
}
