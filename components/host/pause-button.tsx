'use client'

import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useId, useState } from 'react'
import { useCanAsk, useHost } from '../shell/host-context.tsx'
import { useTRPC } from '../shell/trpc.ts'
import { Dialog } from '../ui/dialog.tsx'
import { formatTime } from '../ui/format-time.ts'

const MINUTES = 60

/** Pauses healing for an hour, for a reason that everybody reads; resumes it while it is paused. */
export function PauseButton({ isPaused }: { isPaused: boolean }) {
  const trpc = useTRPC()
  const canAsk = useCanAsk()
  const [isAsking, setIsAsking] = useState(false)
  const pause = useMutation(trpc.host.pauseHealing.mutationOptions({ onSuccess: () => setIsAsking(false) }))
  const resume = () => !pause.isPending && pause.mutate({ minutes: 0, reason: 'somebody asked for it.' })
  const open = () => {
    pause.reset()
    setIsAsking(true)
  }
  return (
    <>
      <button
        type="button"
        className="button"
        disabled={!canAsk}
        aria-disabled={pause.isPending}
        onClick={isPaused ? resume : open}
      >
        {isPaused ? 'Resume healing' : 'Pause healing 1 h'}
      </button>
      {pause.isError && !isAsking && (
        <span className="small" role="alert">
          {pause.error.message}
        </span>
      )}
      <Dialog title="Pause healing" open={isAsking} onClose={() => setIsAsking(false)}>
        <PauseForm
          failure={pause.error?.message}
          isPending={pause.isPending}
          onCancel={() => setIsAsking(false)}
          onPause={(reason) => pause.mutate({ minutes: MINUTES, reason })}
        />
      </Dialog>
    </>
  )
}

type FormProps = {
  readonly failure: string | undefined
  readonly isPending: boolean
  readonly onCancel: () => void
  readonly onPause: (reason: string) => void
}

function PauseForm({ failure, isPending, onCancel, onPause }: FormProps) {
  const { now } = useHost()
  const [reason, setReason] = useState('')
  const field = useId()
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (!isPending) onPause(reason.trim())
  }
  return (
    <form onSubmit={submit}>
      <h2>Pause healing for an hour</h2>
      <p>
        Until about {formatTime(new Date(now + MINUTES * 60_000).toISOString())} what others change in our rules stays
        as they leave it: guests may be without rules. Drift is shown all the same, and can be healed by hand.
      </p>
      <div className="field">
        <label htmlFor={field}>Reason</label>
        <input
          id={field}
          className="input"
          required
          pattern=".*\S.*"
          maxLength={500}
          value={reason}
          autoComplete="off"
          onChange={(event) => setReason(event.target.value)}
        />
        <span className="hint">Everybody reads it here and in the timeline</span>
      </div>
      {failure !== undefined && (
        <div className="notice" data-tone="bad" role="alert" style={{ marginBottom: 0 }}>
          {failure}
        </div>
      )}
      <div className="actions">
        <button type="button" className="button" onClick={onCancel}>
          Cancel
        </button>
        <button type="submit" className="button" data-kind="primary" aria-disabled={isPending}>
          Pause healing
        </button>
      </div>
    </form>
  )
}
