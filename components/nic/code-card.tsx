import type { ReactNode } from 'react'

/** Text of a tool, in a box that scrolls by itself. */
export function CodeCard({ title, note, children }: { title: string; note?: ReactNode; children: string }) {
  return (
    <section className="card" aria-label={title}>
      <header>
        <h3>{title}</h3>
        <span className="grow" />
        {note}
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard */}
      <pre className="code" tabIndex={0}>
        {children}
      </pre>
    </section>
  )
}
