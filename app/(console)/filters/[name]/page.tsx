import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { FilterPage } from '../../../../components/filter/filter-page.tsx'
import { orMissing } from '../../../../server/api/or-missing.ts'
import { serverApi } from '../../../../server/api/server-api.ts'

type Props = { params: Promise<{ name: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).name) }
}

export default async function OneFilterPage({ params }: Props) {
  const api = await serverApi()
  const filter = await orMissing(api.filter.get({ name: decodeURIComponent((await params).name) }))
  if (filter === undefined) notFound()
  return <FilterPage key={filter.name} initial={filter} />
}
