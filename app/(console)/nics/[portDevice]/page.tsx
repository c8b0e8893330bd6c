import type { Metadata } from 'next'
import { notFound } from 'next/navigation'
import { NicPage } from '../../../../components/nic/nic-page.tsx'
import { orMissing } from '../../../../server/api/or-missing.ts'
import { serverApi } from '../../../../server/api/server-api.ts'

type Props = { params: Promise<{ portDevice: string }>; searchParams: Promise<{ tab?: string }> }

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: decodeURIComponent((await params).portDevice) }
}

export default async function OneNicPage({ params, searchParams }: Props) {
  const api = await serverApi()
  const portDevice = decodeURIComponent((await params).portDevice)
  const [nic, filters] = await Promise.all([orMissing(api.nic.get({ portDevice })), api.filter.list()])
  if (nic === undefined) notFound()
  return <NicPage initial={nic} filterNames={filters.map(({ name }) => name)} tab={(await searchParams).tab} />
}
