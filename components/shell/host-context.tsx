'use client'

import { useSubscription } from '@trpc/tanstack-react-query'
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import type { HostView, NicLive } from '../../server/api/host-view.ts'
import { useTRPC } from './trpc.ts'

/** `lost`: this tab does not hear the console. The agent's own silence is told by the console. */
export type Live = { readonly host: HostView; readonly link: 'live' | 'lost'; readonly now: number }

const HostContext = createContext<Live | undefined>(undefined)
const LOST_AFTER_MS = 5000

/** Keeps the newest report of the host for every component of the tab. */
export function HostProvider({ initial, children }: { initial: HostView; children: ReactNode }) {
  const trpc = useTRPC()
  const subscription = useSubscription(trpc.host.watch.subscriptionOptions(undefined))
  const [now, setNow] = useState(() => Date.parse(initial.receivedAt ?? '') || 0)
  const [heardAt, setHeardAt] = useState(0)
  const host = subscription.data?.data ?? initial
  // biome-ignore lint/correctness/useExhaustiveDependencies: each report is a sign of life
  useEffect(() => {
    setHeardAt(Date.now())
  }, [host])
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  // While the agent is silent the console has nothing to report, so only the connection tells.
  const isLost =
    subscription.status === 'error' ||
    (subscription.status === 'connecting' && heardAt !== 0 && now - heardAt > LOST_AFTER_MS)
  return <HostContext.Provider value={{ host, link: isLost ? 'lost' : 'live', now }}>{children}</HostContext.Provider>
}

export function useHost(): Live {
  const live = useContext(HostContext)
  if (live === undefined) throw new Error('useHost needs a HostProvider above it')
  return live
}

export function useNic(portDevice: string): NicLive | undefined {
  return useHost().host.nics.find((nic) => nic.portDevice === portDevice)
}
