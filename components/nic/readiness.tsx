import Link from 'next/link'
import type { NicLive } from '../../server/api/host-view.ts'
import { ProblemBadge } from '../ui/problem-badge.tsx'
import type { NicDetail } from './nic-detail.ts'

type Check = { readonly ok: boolean; readonly text: string }

/** What has to be so that the filter works on this NIC, and what was found in it. */
export function Readiness({ nic, live }: { nic: NicDetail; live: NicLive | undefined }) {
  const checks: readonly Check[] = [
    {
      ok: live?.present === true,
      text: live?.present === true ? 'The device exists on the host' : 'The device does not exist on the host',
    },
    {
      ok: nic.filter !== null,
      text: nic.filter === null ? 'No filter is attached' : `Filter ${nic.filter} is attached`,
    },
    ...nic.variables.map(({ name, values }) => ({
      ok: values.length > 0,
      text: values.length > 0 ? `$${name} is ${values.join(', ')}` : `$${name} has no value`,
    })),
    ...(nic.filter === null
      ? []
      : [
          {
            ok: nic.installable,
            text: nic.refusal ?? 'The filter can be installed',
          },
        ]),
  ]
  return (
    <aside className="rail" aria-label="Readiness and problems">
      <section className="card" aria-label="Readiness">
        <header>
          <h2>Readiness</h2>
        </header>
        <ul className="body checklist">
          {checks.map(({ ok, text }) => (
            <li key={text}>
              <span className="verdict" data-tone={ok ? 'good' : 'bad'}>
                <span aria-hidden="true">{ok ? '✓' : '✕'}</span>
                <span className="visually-hidden">{ok ? 'Ready:' : 'Not ready:'}</span>
              </span>
              <span>{text}</span>
            </li>
          ))}
        </ul>
      </section>
      {nic.problems.length > 0 && (
        <section className="card" aria-label="Problems">
          <header>
            <h2>Problems</h2>
            <span className="grow" />
            <ProblemBadge problems={nic.problems} />
          </header>
          <ul>
            {nic.problems.map((problem) => (
              <li className="problem" key={`${problem.code} ${problem.source} ${problem.message}`}>
                <span>{problem.message}</span>
                <span className="problem-meta">
                  <code>{problem.code}</code>
                  {problem.source.startsWith('filter:') ? (
                    <Link href={`/filters/${encodeURIComponent(problem.source.slice(7))}#L${problem.line}`}>
                      {problem.source.slice(7)}:{problem.line}
                    </Link>
                  ) : (
                    'in the binding'
                  )}
                </span>
              </li>
            ))}
          </ul>
        </section>
      )}
    </aside>
  )
}
