import Link from 'next/link'

type Usage = {
  readonly filters: readonly string[]
  readonly affected: readonly string[]
  readonly nics: readonly string[]
}

/** Who changes when this filter changes. */
export function UsedBy({ name, usedBy, references }: { name: string; usedBy: Usage; references: readonly string[] }) {
  const indirect = usedBy.affected.filter((other) => !usedBy.filters.includes(other))
  return (
    <section className="card" aria-label="Used by">
      <header>
        <h2>Used by</h2>
        <span className="grow" />
        <Link href={`/graph?focus=${encodeURIComponent(name)}`} prefetch={false}>
          Show in graph
        </Link>
      </header>
      <div className="body stack">
        <Names
          title={`${usedBy.nics.length} ${usedBy.nics.length === 1 ? 'NIC' : 'NICs'}`}
          names={usedBy.nics}
          path="/nics"
        />
        <Names
          title={`${usedBy.filters.length} ${usedBy.filters.length === 1 ? 'filter refers' : 'filters refer'} to it`}
          names={usedBy.filters}
          path="/filters"
        />
        {indirect.length > 0 && (
          <Names title={`${indirect.length} more through those`} names={indirect} path="/filters" />
        )}
        <Names title={`It references ${references.length}`} names={references} path="/filters" />
      </div>
    </section>
  )
}

function Names({ title, names, path }: { title: string; names: readonly string[]; path: string }) {
  return (
    <div>
      <h3>{title}</h3>
      <ul className="rail-list">
        {names.map((name) => (
          <li key={name}>
            <Link href={`${path}/${encodeURIComponent(name)}`} prefetch={false}>
              {name}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  )
}
