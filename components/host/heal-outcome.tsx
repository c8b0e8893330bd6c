import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '../../server/api/app-router.ts'
import { formatTime } from '../ui/format-time.ts'

type Outcome = inferRouterOutputs<AppRouter>['host']['heal']

/** How healing by hand ended. */
export function HealOutcome({ outcome, failure }: { outcome: Outcome | undefined; failure: string | undefined }) {
  if (failure !== undefined)
    return (
      <div className="notice" data-tone="bad" role="alert">
        ✕ {failure}
      </div>
    )
  if (outcome === undefined) return null
  if (outcome.ok)
    return (
      <div className="notice" data-tone="good" role="status">
        ✓ Healed at {formatTime(outcome.at)}: the kernel was given what was applied.
      </div>
    )
  return (
    <div className="notice" data-tone="bad" role="alert">
      <span>✕ {outcome.message}</span>
      <details open>
        <summary>What the host said</summary>
        <pre>{outcome.raw}</pre>
      </details>
    </div>
  )
}
