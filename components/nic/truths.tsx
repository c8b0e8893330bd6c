import Link from 'next/link'
import type { NicLive } from '../../server/api/host-view.ts'
import { Badge } from '../ui/badge.tsx'
import { formatTime } from '../ui/format-time.ts'
import type { NicDetail } from './nic-detail.ts'

/** The three truths about a NIC, each by its name. */
export function Truths({ nic, live }: { nic: NicDetail; live: NicLive | undefined }) {
  return (
    <div className="truths">
      <section className="card truth" aria-label="Desired">
        <h2>Desired</h2>
        {nic.filter === null ? (
          <Badge tone="warn" sign="!">
            No filter
          </Badge>
        ) : (
          <>
            <Link href={`/filters/${encodeURIComponent(nic.filter)}`}>{nic.filter}</Link>
            <span>
              {nic.compiled === null || !nic.installable ? (
                <Badge tone="bad" sign="✕">
                  Cannot be installed
                </Badge>
              ) : nic.compiled.isTemporary ? (
                <Badge tone="accent" sign="…" title="Until its address is learned">
                  {`${rulesOf(nic.compiled)} temporary rules`}
                </Badge>
              ) : (
                <Badge tone="good" sign="✓">{`${rulesOf(nic.compiled)} rules`}</Badge>
              )}
            </span>
          </>
        )}
      </section>
      <section className="card truth" aria-label="Last applied">
        <h2>Last applied</h2>
        {live === undefined || live.appliedAt === null ? (
          <span className="muted">Nothing was applied yet</span>
        ) : (
          <>
            <span>
              {live.appliedFilter} <span className="muted">{formatTime(live.appliedAt)}</span>
            </span>
            <span>
              {live.isDesired ? (
                <Badge tone="good" sign="✓">
                  Same as desired
                </Badge>
              ) : (
                <Badge tone="accent" sign="→">
                  Differs from desired
                </Badge>
              )}
            </span>
          </>
        )}
      </section>
      <section className="card truth" aria-label="Kernel now">
        <h2>Kernel now</h2>
        {live === undefined || live.state === 'unknown' ? (
          <span>
            <Badge sign="?">Unknown</Badge>
          </span>
        ) : live.kernel.length === 0 ? (
          <>
            <span>No chains of ours</span>
            <span>
              {live.drifted ? (
                <>
                  <Badge tone="bad" sign="≠">
                    Drifted: the rules are gone
                  </Badge>{' '}
                  <DriftLink />
                </>
              ) : (
                <Badge tone="warn" sign="!">
                  All traffic passes
                </Badge>
              )}
            </span>
          </>
        ) : (
          <>
            <span>
              {live.kernel.length} {live.kernel.length === 1 ? 'chain' : 'chains'},{' '}
              {live.kernel.reduce((sum, { rules }) => sum + rules.length, 0)} rules
            </span>
            <span>
              {live.drifted ? (
                <>
                  <Badge tone="bad" sign="≠">
                    Drifted
                  </Badge>{' '}
                  <DriftLink />
                </>
              ) : (
                <Badge tone="good" sign="✓">
                  Same as last applied
                </Badge>
              )}
            </span>
          </>
        )}
      </section>
    </div>
  )
}

function DriftLink() {
  return (
    <Link className="link" href="/hosts">
      See what differs
    </Link>
  )
}

/** Jumps and ends of chains are no rules of anybody. */
function rulesOf({ sections }: NonNullable<NicDetail['compiled']>): number {
  const rules = sections.flatMap((section) => section.rules)
  return rules.filter(({ filter, isTemporary }) => filter !== null || isTemporary).length
}
