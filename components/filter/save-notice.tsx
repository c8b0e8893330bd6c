'use client'

import Link from 'next/link'
import type { Saving } from './use-saving.ts'

/** What became of the last save: where it takes effect, why it was refused, or who was faster. */
export function SaveNotice({
  saving,
  nics,
  onTakeTheirs,
}: {
  saving: Saving
  nics: readonly string[]
  onTakeTheirs: (xml: string) => void
}) {
  const { detail, message, saved } = saving
  if (detail?.kind === 'conflict') {
    return (
      <div className="notice" data-tone="warn" role="alert">
        <span>{message} Your text is still in the editor.</span>
        <button
          type="button"
          className="button"
          data-size="small"
          onClick={() => saving.rebase(detail.version, detail.xml)}
        >
          Keep mine on top of version {detail.version}
        </button>
        <button
          type="button"
          className="button"
          data-size="small"
          onClick={() => {
            onTakeTheirs(detail.xml)
            saving.rebase(detail.version, detail.xml)
          }}
        >
          Load version {detail.version}
        </button>
        <details>
          <summary>Show version {detail.version}</summary>
          <pre>{detail.xml}</pre>
        </details>
      </div>
    )
  }
  if (message !== undefined) {
    return (
      <div className="notice" data-tone="bad" role="alert">
        {message}
      </div>
    )
  }
  if (saved === undefined || saving.isChanged) return null
  return (
    <div className="notice" data-tone="good" role="status">
      <span>Saved as version {saved}. The kernel is not changed yet.</span>
      {nics.length > 0 && (
        <span>
          Apply it to{' '}
          {nics.map((nic, at) => (
            <span key={nic}>
              {at > 0 && ', '}
              <Link href={`/nics/${encodeURIComponent(nic)}`}>{nic}</Link>
            </span>
          ))}
          .
        </span>
      )}
    </div>
  )
}
