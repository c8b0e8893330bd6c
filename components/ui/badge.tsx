import type { ReactNode } from 'react'

export type Tone = 'plain' | 'good' | 'warn' | 'bad' | 'accent'

/** A short state word with its sign: colour never stands alone. */
export function Badge({
  tone = 'plain',
  sign,
  children,
  title,
}: {
  tone?: Tone
  sign?: string
  children: ReactNode
  title?: string | undefined
}) {
  return (
    <span className="badge" data-tone={tone} title={title}>
      {sign !== undefined && <span aria-hidden="true">{sign}</span>}
      {children}
    </span>
  )
}
