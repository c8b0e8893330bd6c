import type { ReactNode } from 'react'
import { Providers } from '../../components/shell/providers.tsx'
import { Shell } from '../../components/shell/shell.tsx'
import { serverApi } from '../../server/api/server-api.ts'

export default async function ConsoleLayout({ children }: { children: ReactNode }) {
  const api = await serverApi()
  return (
    <Providers initialHost={await api.host.get()}>
      <Shell>{children}</Shell>
    </Providers>
  )
}
