'use client'

import { useTRPCClient } from '../shell/trpc.ts'
import { formatTime } from '../ui/format-time.ts'

type Version = { readonly version: number; readonly savedAt: string }

/** Earlier saves; loading one puts its text into the editor, saving makes it the newest. */
export function VersionList({
  name,
  versions,
  onLoad,
}: {
  name: string
  versions: readonly Version[]
  onLoad: (xml: string) => void
}) {
  const client = useTRPCClient()
  const load = async (version: number) => onLoad((await client.filter.version.query({ name, version })).xml)
  return (
    <section className="card" aria-label="Versions">
      <header>
        <h2>Versions</h2>
      </header>
      <ul className="body rail-list">
        {versions.map(({ version, savedAt }) => (
          <li key={version} style={{ display: 'flex', gap: 8, alignItems: 'center' }}>
            <span>
              {version} <span className="muted">{formatTime(savedAt)}</span>
            </span>
            <button type="button" className="button" data-kind="quiet" data-size="small" onClick={() => load(version)}>
              Load<span className="visually-hidden"> version {version} into the editor</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  )
}
