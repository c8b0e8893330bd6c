'use client'

import { useSubscription } from '@trpc/tanstack-react-query'
import { createContext, type ReactNode, useContext, useEffect, useState } from 'react'
import type { HostView, NicLive } from '../../server/api/host-view.ts'
import { useTRPC } from './trpc.ts'

/**
 * `lost`: this tab does not hear the console. The agent's own silence is told by the console. `now` is in ms since the epoch by
 * the clock of the console, from which every time on the pages is; `skew` is how far the browser's is ahead of it, 0 below 2 s.
 */
export type Live = {
  readonly host: HostView
  readonly link: 'live' | 'lost'
  readonly now: number
  readonly skew: number
}

const HostContext = createContext<Live | undefined>(undefined)
const LOST_AFTER_MS = 5000
/** A report is on its way, or waits for the tab, for less than that. */
const LEAST_SKEW_MS = 2000

/** Keeps the newest report of the host for every component of the tab. */
export function HostProvider({ initial, children }: { initial: HostView; children: ReactNode }) {
  const trpc = useTRPC()
  const subscription = useSubscription(trpc.host.watch.subscriptionOptions(undefined))
  const [here, setHere] = useState(() => Date.parse(initial.receivedAt ?? '') || 0)
  const [heardAt, setHeardAt] = useState(0)
  const [skew, setSkew] = useState(0)
  const told = subscription.data?.data
  const host = told ?? initial
  // biome-ignore lint/correctness/useExhaustiveDependencies: each report is a sign of life
  useEffect(() => {
    setHeardAt(Date.now())
    if (told?.agent !== 'connected' || told.receivedAt === null) return
    const ahead = Date.now() - Date.parse(told.receivedAt)
    setSkew(Math.abs(ahead) < LEAST_SKEW_MS ? 0 : ahead)
  }, [host])
  useEffect(() => {
    setHere(Date.now())
    const timer = setInterval(() => setHere(Date.now()), 1000)
    return () => clearInterval(timer)
  }, [])
  // While the agent is silent the console has nothing to report, so only the connection tells.
  const isLost =
    subscription.status === 'error' ||
    (subscription.status === 'connecting' && heardAt !== 0 && here - heardAt > LOST_AFTER_MS)
  const live = { host, link: isLost ? 'lost' : 'live', now: here - skew, skew } as const
  return <HostContext.Provider value={live}>{children}</HostContext.Provider>
}

export function useHost(): Live {
  const live = useContext(HostContext)
  if (live === undefined) throw new Error('useHost needs a HostProvider above it')
  return live
}

/** Whether the agent can be asked for something now. */
export function useCanAsk(): boolean {
  const { host, link } = useHost()
  return link === 'live' && host.agent === 'connected'
}

export function useNic(portDevice: string): NicLive | undefined {
  return useHost().host.nics.find((nic) => nic.portDevice === portDevice)
}
