import type { Metadata } from 'next'
import { headers } from 'next/headers'
import { connection } from 'next/server'
import type { ReactNode } from 'react'
import { THEME_SCRIPT } from '../components/shell/theme-script.ts'
import './tokens.css'
import './base.css'
import './controls.css'
import './shell.css'
import './screens.css'
import './hosts.css'

export const metadata: Metadata = {
  title: { default: 'Sluice', template: '%s · Sluice' },
  icons: { icon: '/icon.svg' },
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  // Rendered for each request: a page made at build time would carry no nonce.
  await connection()
  const nonce = (await headers()).get('x-nonce') ?? ''
  return (
    <html lang="en" suppressHydrationWarning>
      <head>
        {/* biome-ignore lint/security/noDangerouslySetInnerHtml: a constant of ours, before the first paint */}
        <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: THEME_SCRIPT }} />
      </head>
      <body>{children}</body>
    </html>
  )
}
