'use client'

import { keepPreviousData, useQuery } from '@tanstack/react-query'
import Link from 'next/link'
import { useRouter, useSearchParams } from 'next/navigation'
import { useCallback, useDeferredValue, useEffect, useState } from 'react'
import type { FilterSummary } from '../../server/api/filter-router.ts'
import { useTRPC } from '../shell/trpc.ts'
import { Badge } from '../ui/badge.tsx'
import { EmptyState } from '../ui/empty-state.tsx'
import { ProblemBadge } from '../ui/problem-badge.tsx'
import { TableFrame } from '../ui/table-frame.tsx'
import { useRowKeys } from '../ui/use-row-keys.ts'
import { NewFilterDialog } from './new-filter-dialog.tsx'

/** Every filter, with a box that searches names and texts. */
export function FilterList({ initial, initialQuery }: { initial: readonly FilterSummary[]; initialQuery: string }) {
  const trpc = useTRPC()
  const router = useRouter()
  // The address is the truth: going back comes with the page as it was first rendered.
  const [query, setQuery] = useState(useSearchParams().get('q') ?? '')
  const [creating, setCreating] = useState(false)
  const wanted = useDeferredValue(query)
  const answer = useQuery(
    trpc.filter.list.queryOptions(
      { query: wanted },
      { placeholderData: keepPreviousData, ...(wanted === initialQuery ? { initialData: [...initial] } : {}) },
    ),
  )
  const rows = answer.data ?? initial
  const open = useCallback(
    (index: number) => router.push(`/filters/${encodeURIComponent(rows[index]?.name ?? '')}`),
    [router, rows],
  )
  const active = useRowKeys(rows.length, open)
  useEffect(() => {
    window.history.replaceState(null, '', wanted === '' ? '/filters' : `/filters?q=${encodeURIComponent(wanted)}`)
  }, [wanted])
  return (
    <>
      <div className="page-head">
        <h1>Filters</h1>
        <Badge>{rows.length}</Badge>
        <span className="grow" />
        <button type="button" className="button" data-kind="primary" onClick={() => setCreating(true)}>
          New filter
        </button>
      </div>
      <search className="toolbar">
        <label className="visually-hidden" htmlFor="filter-box">
          Search names and texts
        </label>
        <input
          id="filter-box"
          className="input search"
          type="search"
          placeholder="Name, comment, address, port …"
          value={query}
          onChange={(event) => setQuery(event.target.value)}
        />
      </search>
      {answer.isError && (
        <div className="notice" data-tone="bad" role="alert">
          The list could not be loaded: {answer.error.message}
          <button type="button" className="button" data-size="small" onClick={() => answer.refetch()}>
            Try again
          </button>
        </div>
      )}
      {rows.length === 0 ? (
        <div className="card">
          {wanted === '' ? (
            <EmptyState
              title="No filters yet"
              action={
                <button type="button" className="button" data-kind="primary" onClick={() => setCreating(true)}>
                  New filter
                </button>
              }
            >
              A filter holds the rules that a NIC gets. Start with one that references the parts you need.
            </EmptyState>
          ) : (
            <EmptyState
              title={`No filter mentions “${wanted}”`}
              action={
                <button type="button" className="button" onClick={() => setQuery('')}>
                  Clear search
                </button>
              }
            >
              Names and the whole text of every filter were searched.
            </EmptyState>
          )}
        </div>
      ) : (
        <FilterTable rows={rows} active={active} />
      )}
      <NewFilterDialog open={creating} onClose={() => setCreating(false)} />
    </>
  )
}

function FilterTable({ rows, active }: { rows: readonly FilterSummary[]; active: number }) {
  return (
    <TableFrame label="Filters">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Chain</th>
            <th scope="col" className="number">
              Priority
            </th>
            <th scope="col" className="number">
              Rules
            </th>
            <th scope="col" className="number">
              References
            </th>
            <th scope="col" className="number">
              Used by
            </th>
            <th scope="col">NICs</th>
            <th scope="col">Problems</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={row.name} data-active={index === active ? '' : undefined}>
              <td className="name">
                <Link className="link" href={`/filters/${encodeURIComponent(row.name)}`} prefetch={false}>
                  {row.name}
                </Link>{' '}
                {row.builtin && <Badge title="Comes with every libvirt host">built-in</Badge>}
              </td>
              <td className="mono nowrap">{row.chain}</td>
              <td className="number">{row.chainPriority}</td>
              <td className="number">{row.rules}</td>
              <td className="number">{row.references.length}</td>
              <td className="number">{row.dependents.length}</td>
              <td className="nowrap">
                {row.nics.length === 0 ? (
                  <span className="muted">none</span>
                ) : (
                  <span title={row.nics.join(', ')}>{row.nics.length}</span>
                )}
              </td>
              <td>
                <ProblemBadge problems={row.problems} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </TableFrame>
  )
}
