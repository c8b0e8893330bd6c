import type { ReactNode } from 'react'

/** A frame in which a wide table scrolls by itself; reachable by keyboard, named for screen readers. */
export function TableFrame({
  label,
  className = '',
  children,
}: {
  label: string
  className?: string
  children: ReactNode
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
    <section className={`table-frame ${className}`} aria-label={label} tabIndex={0}>
      {children}
    </section>
  )
}
