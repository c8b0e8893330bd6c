'use client'

import Link from 'next/link'
import { usePathname } from 'next/navigation'
import type { ReactNode } from 'react'
import { Logo } from '../ui/logo.tsx'
import { AgentBadge } from './agent-badge.tsx'
import { Shortcuts } from './shortcuts.tsx'
import { ThemeSwitch } from './theme-switch.tsx'

const PAGES = [
  { href: '/filters', name: 'Filters' },
  { href: '/graph', name: 'Graph' },
  { href: '/nics', name: 'NICs' },
  { href: '/hosts', name: 'Hosts' },
] as const

/** Navigation and the frame of every page. */
export function Shell({ children }: { children: ReactNode }) {
  const path = usePathname()
  return (
    <div className="shell">
      <a className="skip" href="#content">
        Skip to content
      </a>
      <nav className="nav" aria-label="Main">
        <Link className="brand" href="/filters">
          <Logo /> Sluice
        </Link>
        <ul className="nav-list">
          {PAGES.map(({ href, name }) => (
            <li key={href}>
              <Link href={href} aria-current={path.startsWith(href) ? 'page' : undefined}>
                {name}
              </Link>
            </li>
          ))}
        </ul>
        <div className="nav-foot">
          <AgentBadge />
          <ThemeSwitch />
          <Shortcuts />
        </div>
      </nav>
      <main className="main" id="content" tabIndex={-1}>
        {children}
      </main>
    </div>
  )
}
