'use client'

import { useQuery } from '@tanstack/react-query'
import type { inferRouterOutputs } from '@trpc/server'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { useCallback } from 'react'
import type { AppRouter } from '../../server/api/app-router.ts'
import type { NicLive } from '../../server/api/host-view.ts'
import { useHost } from '../shell/host-context.tsx'
import { SilenceNotice } from '../shell/silence-notice.tsx'
import { useTRPC } from '../shell/trpc.ts'
import { useAgainWhen } from '../shell/use-again-when.ts'
import { Badge } from '../ui/badge.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ProblemBadge } from '../ui/problem-badge.tsx'
import { TableFrame } from '../ui/table-frame.tsx'
import { useRowKeys } from '../ui/use-row-keys.ts'
import { LearningBadge, sourceOf } from './learned-addresses.tsx'
import { NicStateBadge } from './nic-state-badge.tsx'

type Nics = inferRouterOutputs<AppRouter>['nic']['list']

/** Every NIC of the host, with or without a filter. */
export function NicList({ initial }: { initial: Nics }) {
  const trpc = useTRPC()
  const router = useRouter()
  const { host } = useHost()
  // A device that appears or goes changes the list, and so does what is learned; states are live in any case.
  const known = host.nics.map(({ portDevice, learning }) => [
    portDevice,
    learning?.addresses.map(({ address }) => address) ?? [],
  ])
  const { data: rows, refetch } = useQuery(trpc.nic.list.queryOptions(undefined, { initialData: initial }))
  useAgainWhen(JSON.stringify(known), refetch)
  const live = new Map(host.nics.map((nic) => [nic.portDevice, nic]))
  const open = useCallback(
    (index: number) => router.push(`/nics/${encodeURIComponent(rows[index]?.portDevice ?? '')}`),
    [router, rows],
  )
  const active = useRowKeys(rows.length, open)
  return (
    <>
      <div className="page-head">
        <h1>NICs</h1>
        <Badge>{rows.length}</Badge>
      </div>
      <SilenceNotice />
      {rows.length === 0 ? (
        <div className="card">
          <EmptyState
            title="No NICs are known"
            action={
              <Link className="button" href="/filters">
                Go to the filters
              </Link>
            }
          >
            NICs appear here when the agent sees a port of a bridge, or when a binding exists.
          </EmptyState>
        </div>
      ) : (
        <TableFrame label="NICs">
          <table className="table">
            <thead>
              <tr>
                <th scope="col">Port device</th>
                <th scope="col">Filter</th>
                <th scope="col">Owner</th>
                <th scope="col">MAC</th>
                <th scope="col">Addresses</th>
                <th scope="col">State</th>
                <th scope="col">Problems</th>
              </tr>
            </thead>
            <tbody>
              {rows.map((row, index) => (
                <tr key={row.portDevice} data-active={index === active ? '' : undefined}>
                  <td className="name">
                    <Link className="link" href={`/nics/${encodeURIComponent(row.portDevice)}`} prefetch={false}>
                      {row.portDevice}
                    </Link>
                  </td>
                  <td className="nowrap">
                    {row.filter === null ? (
                      <span className="muted">all traffic passes</span>
                    ) : (
                      <Link className="link" href={`/filters/${encodeURIComponent(row.filter)}`} prefetch={false}>
                        {row.filter}
                      </Link>
                    )}
                  </td>
                  <td className="nowrap">{row.owner ?? <span className="muted">unknown</span>}</td>
                  <td className="mono nowrap">{row.mac}</td>
                  <td className="nowrap">
                    <Addresses given={row.addresses} learning={live.get(row.portDevice)?.learning ?? null} />
                  </td>
                  <td>
                    <NicStateBadge state={live.get(row.portDevice)?.state ?? row.state} />
                  </td>
                  <td>
                    <ProblemBadge problems={row.problems} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </TableFrame>
      )}
    </>
  )
}

/** What the binding gives, and what was learned beside it. */
function Addresses({ given, learning }: { given: readonly string[]; learning: NicLive['learning'] }) {
  return (
    <span className="address-list">
      {given.length > 0 && <span className="mono">{given.join(' ')}</span>}
      {learning?.addresses.map((address) => (
        <span key={address.address}>
          <span className="mono">{address.address}</span> <Badge title={sourceOf(address)}>learned</Badge>
        </span>
      ))}
      {learning !== null && <LearningBadge learning={learning} />}
    </span>
  )
}
