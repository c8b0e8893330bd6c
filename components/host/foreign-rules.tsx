import type { HostDetail } from '../../server/api/host-detail.ts'
import { Badge } from '../ui/badge.tsx'

type Chain = HostDetail['foreign'][number]

/** Rules of somebody else that frames of guests meet. They are shown, and never changed. */
export function ForeignRules({ chains }: { chains: HostDetail['foreign'] }) {
  return (
    <section className="card" aria-label="Rules of others">
      <header>
        <h2>Rules of others</h2>
      </header>
      {chains.length === 0 ? (
        <p className="body muted">No rules but ours judge frames on the bridges of this host.</p>
      ) : (
        <div className="body stack">
          <p className="muted">Frames meet these too. They are shown here and never changed.</p>
          {chains.map((chain) => (
            <ForeignChain key={`${chain.family} ${chain.table} ${chain.chain}`} chain={chain} />
          ))}
        </div>
      )}
    </section>
  )
}

function ForeignChain({ chain: { family, table, chain, hook, priority, policy, isAhead, rules } }: { chain: Chain }) {
  const name = `table ${family} ${table}, chain ${chain}`
  return (
    <section className="foreign" aria-label={name}>
      <div className="foreign-head">
        <h3 className="mono">{name}</h3>
        {isAhead ? (
          <Badge tone="warn" sign="!" title="What it drops never reaches our rules">
            ahead of ours
          </Badge>
        ) : (
          <Badge sign="↓" title="It sees what our rules let pass">
            behind ours
          </Badge>
        )}
      </div>
      <p className="small">
        hook {hook}, priority {priority}, policy {policy}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre className="code" tabIndex={0}>
        {rules.length === 0 ? '(no rule)' : rules.join('\n')}
      </pre>
    </section>
  )
}
