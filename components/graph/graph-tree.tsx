import Link from 'next/link'
import { ProblemBadge } from '../ui/problem-badge.tsx'
import { TableFrame } from '../ui/table-frame.tsx'
import type { Graph } from './graph.ts'

/** The map's data as a table. */
export function GraphTree({ graph, names }: { graph: Graph; names: readonly string[] }) {
  const rows = graph.filters.filter(({ name }) => names.includes(name))
  return (
    <TableFrame label="References of filters">
      <table className="table">
        <thead>
          <tr>
            <th scope="col">Filter</th>
            <th scope="col">Chain</th>
            <th scope="col">References</th>
            <th scope="col">Used by</th>
            <th scope="col">NICs</th>
            <th scope="col">Problems</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.name} className="tree-row">
              <td className="name">
                <Name name={row.name} />
              </td>
              <td className="mono">{row.chain}</td>
              <td>
                <Names names={row.references} missing={graph.missing} />
              </td>
              <td>
                <Names names={row.dependents} missing={[]} />
              </td>
              <td>{row.nics.join(', ') || <span className="muted">none</span>}</td>
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

function Name({ name }: { name: string }) {
  return (
    <Link className="link" href={`/filters/${encodeURIComponent(name)}`} prefetch={false}>
      {name}
    </Link>
  )
}

function Names({ names, missing }: { names: readonly string[]; missing: readonly string[] }) {
  if (names.length === 0) return <span className="muted">none</span>
  return names.map((name) => (
    <span key={name} style={{ marginRight: 12 }}>
      {missing.includes(name) ? `✕ ${name} (missing)` : <Name name={name} />}
    </span>
  ))
}
