import Link from 'next/link'
import { EmptyState } from '../components/ui/empty-state.tsx'

export default function NotFound() {
  return (
    <main>
      <EmptyState
        title="Nothing is here"
        action={
          <Link className="button" data-kind="primary" href="/filters">
            Go to the filters
          </Link>
        }
      >
        The page, filter or port device of this address does not exist, or not any more.
      </EmptyState>
    </main>
  )
}
