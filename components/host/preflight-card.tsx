'use client'

import { useQuery } from '@tanstack/react-query'
import type { inferRouterOutputs } from '@trpc/server'
import Link from 'next/link'
import type { AppRouter } from '../../server/api/app-router.ts'
import { useCanAsk } from '../shell/host-context.tsx'
import { useTRPC } from '../shell/trpc.ts'
import { FindingItem } from './finding-item.tsx'

type Findings = inferRouterOutputs<AppRouter>['host']['preflight']

const GROUPS = [
  { severity: 'error', title: 'Errors' },
  { severity: 'warning', title: 'Warnings' },
  { severity: 'note', title: 'Notes' },
] as const

/** What the kernel, the tools and the NICs of the host can do; looked at when somebody asks. */
export function PreflightCard() {
  const trpc = useTRPC()
  const canAsk = useCanAsk()
  const { data, error, isFetching, refetch } = useQuery(
    trpc.host.preflight.queryOptions(undefined, { enabled: false, retry: false, staleTime: Number.POSITIVE_INFINITY }),
  )
  return (
    <section className="card preflight" aria-label="Preflight">
      <header>
        <h2>Preflight</h2>
        <span className="grow" />
        <button
          type="button"
          className="button"
          data-size="small"
          disabled={!canAsk}
          aria-disabled={isFetching}
          onClick={() => !isFetching && void refetch()}
        >
          {isFetching ? 'Checking …' : data === undefined ? 'Check this host' : 'Check again'}
        </button>
      </header>
      <div className="body stack">
        <p className="muted" role="status">
          {isFetching
            ? 'The agent asks kernel and tools …'
            : data === undefined
              ? 'What kernel, tools and NICs can do, and who else judges frames. Looks, and changes nothing.'
              : summary(data)}
        </p>
        {error !== null && (
          <div className="notice" data-tone="bad" role="alert">
            {error.message}
          </div>
        )}
        {data !== undefined && <FindingGroups findings={data} />}
      </div>
    </section>
  )
}

function FindingGroups({ findings }: { findings: Findings }) {
  const fine = findings.filter(({ ok }) => ok)
  return (
    <>
      {groupsOf(findings).map(({ title, portDevice, found }) => (
        <section key={`${portDevice} ${title}`} aria-label={title} className="findings">
          <h3>
            {portDevice === undefined ? (
              title
            ) : (
              <Link className="mono" href={`/nics/${encodeURIComponent(portDevice)}`}>
                {portDevice}
              </Link>
            )}
          </h3>
          <ul>
            {found.map((finding) => (
              <FindingItem key={finding.name} finding={finding} />
            ))}
          </ul>
        </section>
      ))}
      <details>
        <summary>What is as it should be ({fine.length})</summary>
        <ul className="findings-fine">
          {fine.map(({ name, portDevice, detail }) => (
            <li key={`${portDevice} ${name}`}>
              <span className="verdict" data-tone="good">
                <span aria-hidden="true">✓</span>
              </span>
              <span>
                <b>{portDevice === undefined ? name : `${portDevice}: ${name}`}</b> {detail}
              </span>
            </li>
          ))}
        </ul>
      </details>
    </>
  )
}

/** What is to be looked at, worst first: of the host by severity, and of each NIC behind what is as bad about the host. */
function groupsOf(findings: Findings) {
  const ofNics = Map.groupBy(
    findings.filter(({ ok, portDevice }) => !ok && portDevice !== undefined),
    ({ portDevice }) => portDevice,
  )
  return GROUPS.flatMap(({ severity, title }, at) => {
    const better = GROUPS.slice(at).map((group): string => group.severity)
    const nics = [...ofNics].filter(
      ([, found]) =>
        found.some((finding) => finding.severity === severity) &&
        found.every((finding) => better.includes(finding.severity)),
    )
    const ofHost = findings.filter((finding) => finding.portDevice === undefined && finding.severity === severity)
    return [
      ...(ofHost.length === 0 ? [] : [{ title, portDevice: undefined, found: ofHost }]),
      ...nics.map(([portDevice, found]) => ({ title: portDevice, portDevice, found })),
    ]
  })
}

function summary(findings: Findings): string {
  const counts = GROUPS.flatMap(({ severity, title }) => {
    const count = findings.filter((finding) => finding.severity === severity).length
    const word = title.toLowerCase()
    return count === 0 ? [] : [`${count} ${count === 1 ? word.slice(0, -1) : word}`]
  })
  return counts.length === 0 ? 'Everything is as it should be.' : `${counts.join(', ')}.`
}
