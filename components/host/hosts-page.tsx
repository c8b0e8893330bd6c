'use client'

import { useMutation } from '@tanstack/react-query'
import type { HostDetail } from '../../server/api/host-detail.ts'
import { useCanAsk } from '../shell/host-context.tsx'
import { SilenceNotice } from '../shell/silence-notice.tsx'
import { useTRPC } from '../shell/trpc.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { DriftCard } from './drift-card.tsx'
import { ForeignRules } from './foreign-rules.tsx'
import { HealOutcome } from './heal-outcome.tsx'
import { HealingCard } from './healing-card.tsx'
import { HostFacts } from './host-facts.tsx'
import { HostStrip } from './host-strip.tsx'
import { PreflightCard } from './preflight-card.tsx'
import { Timeline } from './timeline.tsx'
import { TimelineAnnouncer } from './timeline-announcer.tsx'
import { useHostDetail } from './use-host-detail.ts'
import { WindowsCard } from './windows-card.tsx'

/** The hosts: one by now, with everything that is known of it. */
export function HostsPage({ initial }: { initial: HostDetail | null }) {
  const trpc = useTRPC()
  const canAsk = useCanAsk()
  const { detail, error, refetch } = useHostDetail(initial)
  const heal = useMutation(
    trpc.host.heal.mutationOptions({
      // The button goes with the drift: the focus goes where the page begins.
      onSuccess: ({ ok }) => ok && document.getElementById('content')?.focus({ preventScroll: true }),
    }),
  )
  return (
    <>
      <div className="page-head">
        <h1>Hosts</h1>
      </div>
      <SilenceNotice />
      {error !== null && canAsk && (
        <div className="notice" data-tone="bad" role="alert">
          What happened on the host could not be loaded: {error.message}
          <button type="button" className="button" data-size="small" onClick={() => void refetch()}>
            Try again
          </button>
        </div>
      )}
      {detail === null ? (
        <div className="card">
          <EmptyState title="No host is known">
            A host appears here with the first report of its agent, and stays when the agent falls silent.
          </EmptyState>
        </div>
      ) : (
        <div className={canAsk ? undefined : 'stale'}>
          <HostStrip />
          <HealOutcome outcome={heal.data} failure={heal.error?.message} />
          <HostFacts detail={detail} />
          <div className="host-layout">
            <DriftCard
              healing={detail.healing}
              onHeal={() => !heal.isPending && heal.mutate()}
              isHealing={heal.isPending}
            />
            <HealingCard healing={detail.healing} />
            <div className="stack">
              <WindowsCard windows={detail.windows} />
              <ForeignRules chains={detail.foreign} />
            </div>
          </div>
          <PreflightCard />
          <Timeline entries={detail.timeline} />
          <TimelineAnnouncer timeline={detail.timeline} healing={detail.healing} />
        </div>
      )}
    </>
  )
}
