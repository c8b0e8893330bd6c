'use client'

import { EmptyState } from '../../components/ui/empty-state.tsx'

export default function ErrorPage({ error, reset }: { error: Error; reset: () => void }) {
  return (
    <EmptyState
      isPage
      title="This page could not be shown"
      action={
        <button type="button" className="button" data-kind="primary" onClick={reset}>
          Try again
        </button>
      }
    >
      The console ran into an error of its own; rules on the host are not touched. {error.message}
    </EmptyState>
  )
}
