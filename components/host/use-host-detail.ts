'use client'

import { useQuery } from '@tanstack/react-query'
import { useEffect } from 'react'
import type { HostDetail } from '../../server/api/host-detail.ts'
import { useHost } from '../shell/host-context.tsx'
import { useTRPC } from '../shell/trpc.ts'

/** The detail of the host, asked for again each time the view that every tab hears names another revision. */
export function useHostDetail(initial: HostDetail | null) {
  const trpc = useTRPC()
  const { revision } = useHost().host
  const { data: detail, error, refetch } = useQuery(trpc.host.detail.queryOptions(undefined, { initialData: initial }))
  const known = detail?.revision ?? null
  useEffect(() => {
    if (revision !== known) void refetch()
  }, [revision, known, refetch])
  return { detail, error, refetch }
}
