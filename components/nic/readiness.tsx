import Link from 'next/link'
import type { NicLive } from '../../server/api/host-view.ts'
import { ProblemBadge } from '../ui/problem-badge.tsx'
import type { NicDetail } from './nic-detail.ts'

/** `ok` is null for what comes by itself. */
type Check = { readonly ok: boolean | null; readonly text: string }
type Variable = NicDetail['variables'][number]

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
    ...nic.variables.map((variable) => checkVariable(variable, live)),
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
              <span className="verdict" data-tone={ok === null ? 'plain' : ok ? 'good' : 'bad'}>
                <span aria-hidden="true">{ok === null ? '…' : ok ? '✓' : '✕'}</span>
                <span className="visually-hidden">{ok === null ? 'Waiting:' : ok ? 'Ready:' : 'Not ready:'}</span>
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

function checkVariable({ name, values, learning }: Variable, live: NicLive | undefined): Check {
  if (values.length > 0) return { ok: true, text: `$${name} is ${values.join(', ')}` }
  if (learning === null) return { ok: false, text: `$${name} has no value` }
  const family = name === 'IP' ? 'ipv4' : 'ipv6'
  const learned = live?.learning?.addresses.filter((one) => one.family === family) ?? []
  if (learned.length > 0)
    return { ok: true, text: `$${name} is ${learned.map(({ address }) => address).join(', ')}, as it was learned` }
  if (family === 'ipv6')
    return {
      ok: null,
      text: `$${name} is learned from ${learning === 'dhcp' ? 'DHCPv6' : 'neighbour discovery'}; until then IPv6 passes from no address but ::`,
    }
  const how = learning === 'dhcp' ? 'from DHCP' : 'from the first packet of the guest'
  return { ok: null, text: `$${name} is learned ${how}; temporary rules stand until then` }
}
