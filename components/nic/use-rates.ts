'use client'

import { useRef } from 'react'
import type { NicLive } from '../../server/api/host-view.ts'

export type RatedCounter = { readonly packets: number; readonly bytes: number; readonly rate: number }

/** The counters by rule key, with the packets that came since the report before (about a second). Paused, the last ones stay. */
export function useRates(live: NicLive | undefined, paused: boolean): ReadonlyMap<string, RatedCounter> {
  const shown = useRef<{
    readonly from: NicLive['counters'] | undefined
    readonly counters: ReadonlyMap<string, RatedCounter>
  }>({ from: undefined, counters: new Map() })
  const now = live?.counters
  if (!paused && now !== undefined && now !== shown.current.from) {
    const before = shown.current.counters
    const counters = new Map(
      now.map(({ key, packets, bytes }) => [
        key,
        { packets, bytes, rate: Math.max(0, packets - (before.get(key)?.packets ?? packets)) },
      ]),
    )
    shown.current = { from: now, counters }
  }
  return shown.current.counters
}
