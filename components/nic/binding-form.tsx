'use client'

import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useTRPC } from '../shell/trpc.ts'
import { CodeCard } from './code-card.tsx'
import type { NicDetail } from './nic-detail.ts'

/** Attaches a filter with its parameters, changes or removes it. The kernel changes when it is applied. */
export function BindingForm({ nic, filterNames }: { nic: NicDetail; filterNames: readonly string[] }) {
  const trpc = useTRPC()
  const queries = useQueryClient()
  const settle = { onSuccess: () => queries.invalidateQueries() }
  const save = useMutation(trpc.binding.save.mutationOptions(settle))
  const remove = useMutation(trpc.binding.delete.mutationOptions(settle))
  const [filter, setFilter] = useState(nic.filter ?? 'clean-traffic')
  const [owner, setOwner] = useState(nic.owner ?? '')
  const [mac, setMac] = useState(nic.mac ?? '')
  const [parameters, setParameters] = useState(
    nic.parameters.flatMap(({ name, values }) => values.map((value) => `${name}=${value}`)).join('\n'),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    const ownerUuid = nic.binding?.ownerUuid ?? crypto.randomUUID()
    save.mutate({
      portDevice: nic.portDevice,
      owner: { name: owner, uuid: ownerUuid },
      mac: mac.toLowerCase(),
      filter,
      parameters: readParameters(parameters),
      expected: nic.binding?.version ?? null,
    })
  }
  const failure = save.error?.message ?? remove.error?.message
  return (
    <div className="stack">
      <form className="card body stack" style={{ padding: 16 }} onSubmit={submit}>
        <div className="field">
          <label htmlFor="binding-filter">Filter</label>
          <select
            id="binding-filter"
            className="input"
            value={filter}
            onChange={(event) => setFilter(event.target.value)}
          >
            {[...new Set([filter, ...filterNames])].map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </div>
        <div className="field">
          <label htmlFor="binding-owner">Owner</label>
          <input
            id="binding-owner"
            className="input"
            required
            value={owner}
            onChange={(event) => setOwner(event.target.value)}
            autoComplete="off"
          />
          <span className="hint">Name of the virtual machine</span>
        </div>
        <div className="field">
          <label htmlFor="binding-mac">MAC</label>
          <input
            id="binding-mac"
            className="input mono"
            required
            pattern="([0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}"
            value={mac}
            onChange={(event) => setMac(event.target.value)}
            autoComplete="off"
          />
        </div>
        <div className="field">
          <label htmlFor="binding-parameters">Parameters</label>
          <textarea
            id="binding-parameters"
            className="input mono"
            rows={4}
            style={{ padding: 8 }}
            value={parameters}
            onChange={(event) => setParameters(event.target.value)}
          />
          <span className="hint">
            One NAME=VALUE a line; a repeated name makes a list.{' '}
            {nic.variables.map(({ name, usedBy }) => `$${name} is read by ${usedBy.join(', ')}`).join('; ')}
          </span>
        </div>
        {failure !== undefined && (
          <div className="notice" data-tone="bad" role="alert">
            {failure}
          </div>
        )}
        <div className="toolbar" style={{ margin: 0 }}>
          <button type="submit" className="button" data-kind="primary" disabled={save.isPending}>
            {nic.binding === null ? 'Attach filter' : 'Save binding'}
          </button>
          {nic.binding !== null && (
            <button
              type="button"
              className="button"
              disabled={remove.isPending}
              onClick={() => remove.mutate({ portDevice: nic.portDevice })}
            >
              Detach filter
            </button>
          )}
          <span className="muted">The kernel changes when you apply.</span>
        </div>
      </form>
      {nic.binding !== null && <CodeCard title="Binding as libvirt writes it">{nic.binding.xml}</CodeCard>}
    </div>
  )
}

function readParameters(text: string): { name: string; value: string }[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => ({ name: line.split('=')[0]?.trim() ?? '', value: line.slice(line.indexOf('=') + 1).trim() }))
}
