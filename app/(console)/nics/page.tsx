import type { Metadata } from 'next'
import { NicList } from '../../../components/nic/nic-list.tsx'
import { serverApi } from '../../../server/api/server-api.ts'

export const metadata: Metadata = { title: 'NICs' }

export default async function NicsPage() {
  const api = await serverApi()
  return <NicList initial={await api.nic.list()} />
}
