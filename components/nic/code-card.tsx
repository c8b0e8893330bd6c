import type { ReactNode } from 'react'

type Props = {
  readonly title: string
  /** What tells it from another card of the same title. */
  readonly label?: string
  readonly note?: ReactNode
  readonly children: string
}

/** Text of a tool, in a box that scrolls by itself. */
export function CodeCard({ title, label = title, note, children }: Props) {
  return (
    <section className="card" aria-label={label}>
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
