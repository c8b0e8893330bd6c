import type { Metadata } from 'next'
import { FilterList } from '../../../components/filter/filter-list.tsx'
import { serverApi } from '../../../server/api/server-api.ts'

export const metadata: Metadata = { title: 'Filters' }

export default async function FiltersPage({ searchParams }: { searchParams: Promise<{ q?: string }> }) {
  const api = await serverApi()
  const { q } = await searchParams
  const query = typeof q === 'string' ? q : ''
  return <FilterList initial={await api.filter.list({ query })} initialQuery={query} />
}
