'use client'

import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useEffect, useId, useState } from 'react'
import type { HostDetail } from '../../server/api/host-detail.ts'
import { useCanAsk } from '../shell/host-context.tsx'
import { useTRPC } from '../shell/trpc.ts'

type Policy = HostDetail['healing']['policy']

const LONGEST_S = 3600
const CHOICES = [
  { kind: 'now', name: 'At once', means: 'What somebody removes or changes is back within a fraction of a second.' },
  {
    kind: 'after',
    name: 'After a while',
    means: 'Whoever works on the firewall has that long. Until then guests are without what was removed.',
  },
  { kind: 'ask', name: 'When somebody asks', means: 'Drift is shown, and stays until somebody presses Heal now.' },
] as const satisfies readonly { readonly kind: Policy['kind']; readonly name: string; readonly means: string }[]

/** Chooses how drift is healed. Nothing changes before it is sent. */
export function PolicyForm({ policy }: { policy: Policy }) {
  const trpc = useTRPC()
  const canAsk = useCanAsk()
  const save = useMutation(trpc.host.setHealing.mutationOptions())
  const [kind, setKind] = useState(policy.kind)
  const [seconds, setSeconds] = useState(policy.kind === 'after' ? String(policy.seconds) : '30')
  const group = useId()
  // Somebody changed it, here or elsewhere.
  useEffect(() => {
    setKind(policy.kind)
    if (policy.kind === 'after') setSeconds(String(policy.seconds))
  }, [policy])
  const isChanged = kind !== policy.kind || (policy.kind === 'after' && seconds !== String(policy.seconds))
  const mayChange = isChanged && !save.isPending
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (mayChange) save.mutate(kind === 'after' ? { kind, seconds: Number(seconds) } : { kind })
  }
  return (
    <form className="policy" onSubmit={submit}>
      <fieldset disabled={!canAsk}>
        <legend>Drift is healed</legend>
        {CHOICES.map((choice) => (
          <div key={choice.kind} className="choice">
            <input
              type="radio"
              id={`${group}-${choice.kind}`}
              name={group}
              checked={kind === choice.kind}
              aria-describedby={`${group}-${choice.kind}-means`}
              onChange={() => setKind(choice.kind)}
            />
            <label htmlFor={`${group}-${choice.kind}`}>{choice.name}</label>
            {choice.kind === 'after' && kind === 'after' && (
              <span className="policy-seconds">
                <input
                  className="input"
                  type="number"
                  aria-label="Seconds until drift is healed"
                  required
                  min={1}
                  max={LONGEST_S}
                  value={seconds}
                  onChange={(event) => setSeconds(event.target.value)}
                />
                seconds
              </span>
            )}
            <p className="muted small" id={`${group}-${choice.kind}-means`}>
              {choice.means}
            </p>
          </div>
        ))}
      </fieldset>
      {save.isError && (
        <div className="notice" data-tone="bad" role="alert" style={{ marginBottom: 0 }}>
          {save.error.message}
        </div>
      )}
      <div className="toolbar">
        <button type="submit" className="button" disabled={!canAsk} aria-disabled={!mayChange}>
          Change policy
        </button>
        <span className="muted small" role="status">
          {save.isSuccess && !isChanged && 'Changed'}
        </span>
      </div>
    </form>
  )
}
