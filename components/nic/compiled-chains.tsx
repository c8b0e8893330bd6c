import { EmptyState } from '../ui/empty-state.tsx'
import { CodeCard } from './code-card.tsx'
import type { NicDetail } from './nic-detail.ts'

const TOOLS = [
  { tool: 'ebtables', title: 'ebtables, table nat', none: 'The filter has no rule of the Ethernet layer.' },
  { tool: 'iptables', title: 'iptables, table filter', none: 'The filter has no rule for IPv4 packets.' },
  { tool: 'ip6tables', title: 'ip6tables, table filter', none: 'The filter has no rule for IPv6 packets.' },
] as const

type Chain = NonNullable<NicDetail['compiled']>['chains'][number]

/** The chains of one tool, or one sentence where there are none. */
function ToolChains({ title, none, chains }: { title: string; none: string; chains: readonly Chain[] }) {
  return (
    <>
      <h2>{title}</h2>
      {chains.length === 0 && <p className="muted">{none}</p>}
      {chains.map(({ tool, name, rules }) => (
        <CodeCard key={name} title={name} label={tool === 'ebtables' ? name : `${name} of ${tool}`}>
          {rules.map((rule) => `-A ${name} ${rule}`).join('\n') || '(no rule)'}
        </CodeCard>
      ))}
    </>
  )
}

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
      {TOOLS.map(({ tool, title, none }) => (
        <ToolChains key={tool} title={title} none={none} chains={chains.filter((chain) => chain.tool === tool)} />
      ))}
      <details>
        <summary>The {commands.length} commands libvirt runs to install a new generation</summary>
        <CodeCard title="Commands">{commands.join('\n')}</CodeCard>
      </details>
    </div>
  )
}
