import type { Metadata } from 'next'
import { GraphPage } from '../../../components/graph/graph-page.tsx'
import { serverApi } from '../../../server/api/server-api.ts'

export const metadata: Metadata = { title: 'Graph' }

export default async function FilterGraphPage({
  searchParams,
}: {
  searchParams: Promise<{ focus?: string; view?: string }>
}) {
  const api = await serverApi()
  const { focus, view } = await searchParams
  return (
    <GraphPage
      graph={await api.filter.graph()}
      focus={typeof focus === 'string' ? focus : undefined}
      view={view === 'list' ? 'list' : 'map'}
    />
  )
}
