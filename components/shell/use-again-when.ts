'use client'

import { useEffect, useRef } from 'react'

/** Asks again each time that something is another than it was when the page was drawn first. */
export function useAgainWhen(seen: string | undefined, ask: () => unknown): void {
  const before = useRef(seen)
  useEffect(() => {
    if (before.current === seen) return
    before.current = seen
    void ask()
  }, [seen, ask])
}
