import Link from 'next/link'

const MOST = 12

/** NICs by name, each a link to its page; of very many the first ones. */
export function NicLinks({ names, most = MOST }: { names: readonly string[]; most?: number }) {
  const shown = names.slice(0, most)
  return (
    <span className="nic-links">
      {shown.map((name) => (
        <Link key={name} className="mono" href={`/nics/${encodeURIComponent(name)}`} prefetch={false}>
          {name}
        </Link>
      ))}
      {names.length > shown.length && <Link href="/nics">and {names.length - shown.length} more</Link>}
    </span>
  )
}
