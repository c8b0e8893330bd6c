import type { Metadata } from 'next'
import { HostsPage } from '../../../components/host/hosts-page.tsx'
import { serverApi } from '../../../server/api/server-api.ts'

export const metadata: Metadata = { title: 'Hosts' }

export default async function AllHostsPage() {
  const api = await serverApi()
  return <HostsPage initial={await api.host.detail()} />
}
