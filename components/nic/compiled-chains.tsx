import { EmptyState } from '../ui/empty-state.tsx'
import { CodeCard } from './code-card.tsx'
import type { NicDetail } from './nic-detail.ts'

/** What the filter becomes: the chains of each tool, and the commands by which libvirt would install them. */
export function CompiledChains({ nic }: { nic: NicDetail }) {
  if (nic.compiled === null) {
    return (
      <div className="card">
        <EmptyState title="Nothing to show">
          {nic.binding === null
            ? 'No filter is attached to this NIC.'
            : 'The filter cannot be installed on this NIC, so it becomes nothing.'}
        </EmptyState>
      </div>
    )
  }
  const { chains, commands } = nic.compiled
  return (
    <div className="stack">
      <h2>ebtables, table nat</h2>
      {chains.map(({ name, rules }) => (
        <CodeCard key={name} title={name}>
          {rules.map((rule) => `-A ${name} ${rule}`).join('\n') || '(no rule)'}
        </CodeCard>
      ))}
      <h2>iptables, ip6tables</h2>
      <p className="muted">No rule: the filter works at the Ethernet layer only.</p>
      <details>
        <summary>The {commands.length} commands libvirt runs to install a new generation</summary>
        <CodeCard title="Commands">{commands.join('\n')}</CodeCard>
      </details>
    </div>
  )
}
