'use client'

import { useEffect, useState } from 'react'

/** `j` and `k` move through the rows of a list, Enter opens the active one. Returns the active row's index, -1 for none. */
export function useRowKeys(count: number, open: (index: number) => void): number {
  const [active, setActive] = useState(-1)
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const target = event.target
      if (
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        (target instanceof HTMLElement && target.closest('input, select, textarea, dialog') !== null)
      )
        return
      if (event.key === 'j') setActive((at) => Math.min(count - 1, at + 1))
      else if (event.key === 'k') setActive((at) => Math.max(0, at - 1))
      else if (
        event.key === 'Enter' &&
        active >= 0 &&
        active < count &&
        !(target instanceof HTMLElement && target.closest('a, button') !== null)
      )
        open(active)
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [count, open, active])
  useEffect(() => {
    document.querySelector('tr[data-active]')?.scrollIntoView({ block: 'nearest' })
  })
  return Math.min(active, count - 1)
}
