'use client'

import { useMutation } from '@tanstack/react-query'
import type { NicLive } from '../../server/api/host-view.ts'
import { useHost } from '../shell/host-context.tsx'
import { useTRPC } from '../shell/trpc.ts'

/** Rules are shared between NICs, and so are their counters: this gives one NIC its own for as long as somebody looks. */
export function ObserveButton({ portDevice, live }: { portDevice: string; live: NicLive }) {
  const trpc = useTRPC()
  const { host, link } = useHost()
  const observe = useMutation(trpc.nic.observe.mutationOptions())
  if (host.backend !== 'nftables') return null
  const failure = observe.error?.message ?? (observe.data?.ok === false ? observe.data.message : undefined)
  return (
    <>
      <button
        type="button"
        className="button"
        data-size="small"
        aria-pressed={live.isObserved}
        disabled={link === 'lost' || host.agent !== 'connected' || observe.isPending}
        title="Gives this NIC rules and counters of its own. What passes and what is dropped stays the same."
        onClick={() => observe.mutate({ portDevice, isObserved: !live.isObserved })}
      >
        Count this NIC alone
      </button>
      {failure !== undefined && (
        <span className="small" role="alert">
          {failure}
        </span>
      )}
    </>
  )
}
