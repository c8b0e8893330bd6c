import Link from 'next/link'
import type { NicLive } from '../../server/api/host-view.ts'
import { EmptyState } from '../ui/empty-state.tsx'
import { CodeCard } from './code-card.tsx'

/** Our chains as the kernel prints them, with its own counters. */
export function KernelNow({ live }: { live: NicLive | undefined }) {
  if (live === undefined || live.kernel.length === 0) {
    return (
      <div className="card">
        <EmptyState title="The kernel has no chains of ours for this NIC">
          {live?.drifted ? (
            <>
              They were applied, and somebody removed them. <Link href="/hosts">Hosts</Link> says who, and heals it.
            </>
          ) : (
            'All traffic passes until a filter is applied.'
          )}
        </EmptyState>
      </div>
    )
  }
  const isNft = live.elements.length > 0
  return (
    <div className={live.state === 'unknown' ? 'stack stale' : 'stack'}>
      {isNft && (
        <CodeCard
          title="Elements of this NIC"
          note={<span className="muted small">in sets and maps of table bridge sluice</span>}
        >
          {live.elements.join('\n')}
        </CodeCard>
      )}
      {live.kernel.map(({ name, rules }) => (
        <CodeCard key={name} title={name}>
          {rules
            .map(({ text, packets, bytes }) =>
              isNft
                ? `${hasCounter(text) ? `[${packets}:${bytes}] ` : ''}${text}`
                : `[${packets}:${bytes}] -A ${name} ${text}`,
            )
            .join('\n') || '(no rule)'}
        </CodeCard>
      ))}
    </div>
  )
}

function hasCounter(text: string): boolean {
  return text.includes('counter name')
}
