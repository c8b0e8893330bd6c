import type { ReactNode } from 'react'

type Props = {
  readonly title: string
  readonly children: ReactNode
  readonly action?: ReactNode
  /** It is all there is on the page, so its title is the page's. */
  readonly isPage?: boolean
}

/** A screen without content: the title says the situation, one or two sentences follow, then one action. */
export function EmptyState({ title, children, action, isPage = false }: Props) {
  const Title = isPage ? 'h1' : 'h2'
  return (
    <div className="empty">
      <Title>{title}</Title>
      <p>{children}</p>
      {action}
    </div>
  )
}
