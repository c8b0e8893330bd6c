'use client'

import { useMutation } from '@tanstack/react-query'
import { useRouter } from 'next/navigation'
import { type FormEvent, useState } from 'react'
import { useTRPC } from '../shell/trpc.ts'
import { Dialog } from '../ui/dialog.tsx'

const CHAINS = ['root', 'mac', 'vlan', 'stp', 'arp', 'rarp', 'ipv4', 'ipv6'] as const

/** Asks for a name and a chain, saves an empty filter and opens it. */
export function NewFilterDialog({ open, onClose }: { open: boolean; onClose: () => void }) {
  const trpc = useTRPC()
  const router = useRouter()
  const [name, setName] = useState('')
  const [chain, setChain] = useState<(typeof CHAINS)[number]>('root')
  const define = useMutation(
    trpc.filter.define.mutationOptions({ onSuccess: () => router.push(`/filters/${encodeURIComponent(name)}`) }),
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    define.mutate({ name, xml: templateOf(name, chain), expected: null })
  }
  return (
    <Dialog title="New filter" open={open} onClose={onClose}>
      <form onSubmit={submit}>
        <h2>New filter</h2>
        <div className="field">
          <label htmlFor="new-name">Name</label>
          <input
            id="new-name"
            className="input"
            required
            pattern="[A-Za-z0-9_][A-Za-z0-9_.:\-]*"
            value={name}
            onChange={(event) => setName(event.target.value)}
            autoComplete="off"
          />
          <span className="hint">Letters, digits and _ . : -</span>
        </div>
        <div className="field">
          <label htmlFor="new-chain">Chain</label>
          <select
            id="new-chain"
            className="input"
            value={chain}
            onChange={(event) => setChain(CHAINS.find((known) => known === event.target.value) ?? 'root')}
          >
            {CHAINS.map((known) => (
              <option key={known}>{known}</option>
            ))}
          </select>
          <span className="hint">root sees every frame; the others see the frames of their protocol.</span>
        </div>
        {define.isError && (
          <div className="notice" data-tone="bad" role="alert">
            {define.error.message}
          </div>
        )}
        <div className="actions">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" className="button" data-kind="primary" disabled={define.isPending}>
            Create filter
          </button>
        </div>
      </form>
    </Dialog>
  )
}

function templateOf(name: string, chain: string): string {
  return `<filter name="${name}" chain="${chain}">\n  <!-- rules and filterrefs go here -->\n</filter>\n`
}
