'use client'

import dynamic from 'next/dynamic'
import Link from 'next/link'
import { useRouter } from 'next/navigation'
import { EmptyState } from '../ui/empty-state.tsx'
import { Loading } from '../ui/loading.tsx'
import type { Graph } from './graph.ts'
import { GraphTree } from './graph-tree.tsx'
import { neighbourhood } from './neighbourhood.ts'

const FilterMap = dynamic(() => import('./filter-map.tsx'), { ssr: false, loading: () => <Loading /> })
const DEPTH = 2

/** Who refers to whom: as a map, or as a list for whoever prefers one. */
export function GraphPage({ graph, focus, view }: { graph: Graph; focus: string | undefined; view: 'map' | 'list' }) {
  const router = useRouter()
  const all = [...graph.filters.map(({ name }) => name), ...graph.missing]
  const names =
    focus === undefined ? all : neighbourhood(focus, graph.edges, DEPTH).filter((name) => all.includes(name))
  const address = (next: { focus?: string | undefined; view?: string }) => {
    const query = new URLSearchParams()
    const wanted = { focus, view, ...next }
    if (wanted.focus !== undefined) query.set('focus', wanted.focus)
    if (wanted.view === 'list') query.set('view', 'list')
    return query.size === 0 ? '/graph' : `/graph?${query}`
  }
  return (
    <>
      <div className="page-head">
        <h1>Graph</h1>
        <span className="grow" />
        <nav className="tabs" aria-label="View" style={{ margin: 0 }}>
          <Link href={address({ view: 'map' })} aria-current={view === 'map' ? 'true' : undefined}>
            Map
          </Link>
          <Link href={address({ view: 'list' })} aria-current={view === 'list' ? 'true' : undefined}>
            List
          </Link>
        </nav>
      </div>
      <div className="toolbar">
        <label htmlFor="graph-focus">Around</label>
        <select
          id="graph-focus"
          className="input search"
          value={focus ?? ''}
          onChange={(event) =>
            router.push(address({ focus: event.target.value === '' ? undefined : event.target.value }))
          }
        >
          <option value="">all filters</option>
          {all.map((name) => (
            <option key={name}>{name}</option>
          ))}
        </select>
        <span className="muted">
          {focus === undefined ? 'Referrer left, referenced right' : `${DEPTH} references up and down`}
        </span>
      </div>
      {graph.cycles.map((cycle) => (
        <div key={cycle.join()} className="notice" data-tone="bad" role="alert">
          NWF204 These references close a loop: {[...cycle, cycle[0]].join(' → ')}
        </div>
      ))}
      {names.length === 0 ? (
        <div className="card">
          <EmptyState
            title={focus === undefined ? 'No filters yet' : `There is no filter ${focus}`}
            action={
              <Link className="button" href="/filters">
                Go to the filters
              </Link>
            }
          >
            The graph shows filters and what they reference.
          </EmptyState>
        </div>
      ) : view === 'list' ? (
        <GraphTree graph={graph} names={names} />
      ) : (
        <FilterMap key={names.join()} graph={graph} names={names} focus={focus} />
      )}
    </>
  )
}
