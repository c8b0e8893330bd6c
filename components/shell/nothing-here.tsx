import Link from 'next/link'
import { EmptyState } from '../ui/empty-state.tsx'

/** What an address shows that leads nowhere. */
export function NothingHere() {
  return (
    <EmptyState
      isPage
      title="Nothing is here"
      action={
        <Link className="button" data-kind="primary" href="/filters">
          Go to the filters
        </Link>
      }
    >
      The page, filter or port device of this address does not exist, or not any more.
    </EmptyState>
  )
}
