import { useHost } from '../shell/host-context.tsx'
import { Badge } from '../ui/badge.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { CodeCard } from './code-card.tsx'
import type { NicDetail } from './nic-detail.ts'

const TOOLS = [
  { tool: 'ebtables', title: 'ebtables, table nat', none: 'The filter has no rule of the Ethernet layer.' },
  { tool: 'iptables', title: 'iptables, table filter', none: 'The filter has no rule for IPv4 packets.' },
  { tool: 'ip6tables', title: 'ip6tables, table filter', none: 'The filter has no rule for IPv6 packets.' },
] as const

type Compiled = NonNullable<NicDetail['compiled']>

/** What the filter becomes with either backend, side by side: ours, and the chains that libvirt makes. */
export function CompiledChains({ nic }: { nic: NicDetail }) {
  const { backend } = useHost().host
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
  const installed = (
    <Badge tone="good" sign="✓">
      used by the agent
    </Badge>
  )
  return (
    <div className="side-by-side">
      <section className="stack" aria-label="Compiled for nftables">
        <header className="column-head">
          <h2>nftables: rules that NICs share</h2>
          {backend === 'nftables' && installed}
        </header>
        <NftTables {...nic.compiled.nftables} isTemporary={nic.compiled.isTemporary} />
      </section>
      <section className="stack" aria-label="Compiled for ebtables and iptables">
        <header className="column-head">
          <h2>ebtables and iptables: libvirt’s own chains</h2>
          {backend === 'ebiptables' && installed}
        </header>
        {nic.compiled.isTemporary ? (
          <p className="muted">
            Until the address is known libvirt has temporary rules, which its commands below make.
          </p>
        ) : (
          TOOLS.map(({ tool, title, none }) => (
            <ToolChains
              key={tool}
              title={title}
              none={none}
              chains={nic.compiled?.chains.filter((chain) => chain.tool === tool) ?? []}
            />
          ))
        )}
        <details>
          <summary>
            The {nic.compiled.commands.length} commands libvirt runs to install{' '}
            {nic.compiled.isTemporary ? 'the temporary rules' : 'a new generation'}
          </summary>
          <CodeCard title="Commands">{nic.compiled.commands.join('\n')}</CodeCard>
        </details>
      </section>
    </div>
  )
}

/** Our tables with this NIC alone in their sets. */
function NftTables({ tables, apart, refusal, isTemporary }: Compiled['nftables'] & Pick<Compiled, 'isTemporary'>) {
  if (refusal !== null) {
    return (
      <div className="card">
        <EmptyState title="nftables cannot say this">{refusal}</EmptyState>
      </div>
    )
  }
  return (
    <>
      <p className="muted">
        {isTemporary && 'Until the address is known these temporary rules stand. '}
        {apart === null
          ? 'NICs with the same filter share these chains; what is theirs alone stands in the sets.'
          : `This NIC has chains of its own: ${apart}.`}
      </p>
      {tables.map(({ name, text }) => (
        <CodeCard key={name} title={`table ${name}`}>
          {text}
        </CodeCard>
      ))}
    </>
  )
}

/** The chains of one tool, or one sentence where there are none. */
function ToolChains({
  title,
  none,
  chains,
}: {
  title: string
  none: string
  chains: readonly Compiled['chains'][number][]
}) {
  return (
    <>
      <h3>{title}</h3>
      {chains.length === 0 && <p className="muted">{none}</p>}
      {chains.map(({ tool, name, rules }) => (
        <CodeCard key={name} title={name} label={tool === 'ebtables' ? name : `${name} of ${tool}`}>
          {rules.map((rule) => `-A ${name} ${rule}`).join('\n') || '(no rule)'}
        </CodeCard>
      ))}
    </>
  )
}
