'use client'

import { useMutation } from '@tanstack/react-query'
import type { NicLive } from '../../server/api/host-view.ts'
import { useCanAsk } from '../shell/host-context.tsx'
import { useTRPC } from '../shell/trpc.ts'
import { formatTime } from '../ui/format-time.ts'
import type { NicDetail } from './nic-detail.ts'

/** Brings the desired state of this NIC to the kernel, and tells how that went. */
export function ApplyButton({ nic, live }: { nic: NicDetail; live: NicLive | undefined }) {
  const trpc = useTRPC()
  const canAsk = useCanAsk()
  const install = useMutation(trpc.nic.install.mutationOptions())
  const obstacle = !canAsk
    ? 'No agent answers'
    : !nic.installable
      ? 'The filter cannot be installed: see the readiness list'
      : nic.filter === null && live?.kernel.length === 0 && live.broken === null
        ? 'There is no filter to apply'
        : !live?.present
          ? 'The device does not exist on the host'
          : undefined
  const verb = nic.filter === null ? `Remove rules from ${nic.portDevice}` : `Apply to ${nic.portDevice}`
  return (
    <>
      {obstacle !== undefined && (
        <span className="muted" id="apply-obstacle">
          {obstacle}
        </span>
      )}
      <button
        type="button"
        className="button"
        data-kind="primary"
        disabled={obstacle !== undefined || install.isPending}
        aria-describedby={obstacle === undefined ? undefined : 'apply-obstacle'}
        onClick={() => install.mutate({ portDevice: nic.portDevice })}
      >
        {install.isPending ? 'Applying …' : verb}
      </button>
      <Result outcome={install.data} failure={install.error?.message} />
    </>
  )
}

type Outcome =
  | { readonly ok: true; readonly at: string }
  | { readonly ok: false; readonly message: string; readonly raw: string }

function Result({ outcome, failure }: { outcome: Outcome | undefined; failure: string | undefined }) {
  if (failure !== undefined) {
    return (
      <div className="notice" data-tone="bad" role="alert" style={{ flexBasis: '100%', marginBottom: 0 }}>
        Nothing was applied: {failure}
      </div>
    )
  }
  if (outcome === undefined) return null
  if (outcome.ok) {
    return (
      <div className="notice" data-tone="good" role="status" style={{ flexBasis: '100%', marginBottom: 0 }}>
        ✓ Applied at {formatTime(outcome.at)}, in one transaction.
      </div>
    )
  }
  return (
    <div className="notice" data-tone="bad" role="alert" style={{ flexBasis: '100%', marginBottom: 0 }}>
      <span>✕ {outcome.message}</span>
      <details open>
        <summary>What the host said</summary>
        <pre>{outcome.raw}</pre>
      </details>
    </div>
  )
}
